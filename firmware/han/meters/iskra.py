"""Iskraemeco: lists by position, most of them behind the device name "ISK...".

Lists    SI  18 or 10 items (powers, U, I; 1..5 s), 8, 9, 12 with "UP_3f"; counters (15 min) in 12,
             10 or 4 items; 9 items of power and counters
         HR  33 items (IE.5), 28 without quadrants and power factor
         AT  12 items behind the push setup's OBIS code (KELAG)
         CH  15 items, by descriptions in public issues alone: no readable capture is known
         The AM550 with structures of OBIS codes is decoded by han.codes, P1 text by han.p1
Units    W, var, 0.1 V, 0.01 A, Wh, varh, power factor 0.001
Quirks   On port HDLC with segments of 164 octets. The 10-item list of counters has no totals.
         Two counters at the end of the 9-item list of one phase were 0 whenever seen.
         Disconnector and tariff of the 12-item list, and the clock in parts, are not taken.
Source   known only from captures
Seen     AM550, AM550-ED1, IE.5-TD1
Descriptors
list iskra-18 iskra
text=ISK* list_id, text meter_id, u32 power_import_w, u32 power_export_w
u32 reactive_import_var, u32 reactive_export_var
u16 voltage_l*_mv 0.1, u16 current_l*_ma 0.01
u32 power_import_l*_w, u32 power_export_l*_w
list iskra-12-counters iskra
text=ISK* list_id, text meter_id, enum, octets
u32 energy_import_wh, u32 energy_import_t1_wh, u32 energy_import_t2_wh
u32 energy_export_wh, u32 energy_export_t1_wh, u32 energy_export_t2_wh
u32 reactive_energy_import_varh, u32 reactive_energy_export_varh
list iskra-12 iskra
text=ISK* list_id, text meter_id, u16 voltage_l*_mv 0.1, u16 current_l*_ma 0.01
u32 power_import_w, u32 power_export_w, u32 reactive_import_var, u32 reactive_export_var
list iskra-10 iskra
text=ISK* list_id, text meter_id, u32 power_import_w, u32 power_export_w
u32 reactive_import_var, u32 reactive_export_var, u16 voltage_l1_mv 0.1, u16 current_l1_ma 0.01
u32 power_import_l1_w, u32 power_export_l1_w
list iskra-10-tariffs iskra sum
text=ISK* list_id, text meter_id
u32 energy_import_t1_wh, u32 energy_import_t2_wh
u32 energy_export_t1_wh, u32 energy_export_t2_wh
u32 reactive_energy_import_t1_varh, u32 reactive_energy_import_t2_varh
u32 reactive_energy_export_t1_varh, u32 reactive_energy_export_t2_varh
list iskra-9 iskra
text=ISK* list_id, text meter_id, u32 power_import_w, u32 power_export_w
u32 reactive_import_var, u32 reactive_export_var, u16 voltage_l1_mv 0.1
u32 energy_export_t1_wh?, u32 energy_export_t2_wh?
list iskra-9-counters iskra
text=ISK* list_id, u32 power_import_w, u32 power_export_w
u32 energy_import_wh, u32 energy_import_t1_wh, u32 energy_import_t2_wh
u32 energy_export_wh, u32 energy_export_t1_wh, u32 energy_export_t2_wh
list iskra-8 iskra
text=ISK* list_id, text meter_id, u16 voltage_l1_mv 0.1, u16 current_l1_ma 0.01
u32 power_import_w, u32 power_export_w, u32 reactive_import_var, u32 reactive_export_var
list iskra-4 iskra
text meter_id, u8, u32 energy_import_wh, u32 energy_export_wh
list iskra-33 iskra
text meter_id, octets, octets
u32 energy_import_wh, u32 energy_import_t1_wh, u32 energy_import_t2_wh
u32 energy_export_wh, u32 energy_export_t1_wh, u32 energy_export_t2_wh
u32 reactive_energy_q1_varh, u32 reactive_energy_q2_varh
u32 reactive_energy_q3_varh, u32 reactive_energy_q4_varh
u32 power_import_w, u32 power_export_w, u16 power_factor_permille 0.001
u32 power_import_l*_w, u32 power_export_l*_w
u16 voltage_l*_mv 0.1, u16 current_l*_ma 0.01
u32 limiter_w, container, container, container, bool
list iskra-28 iskra
text meter_id, octets, octets
u32 energy_import_wh, u32 energy_import_t1_wh, u32 energy_import_t2_wh
u32 energy_export_wh, u32 energy_export_t1_wh, u32 energy_export_t2_wh
u32 power_import_w, u32 power_export_w
u32 power_import_l*_w, u32 power_export_l*_w
u16 voltage_l*_mv 0.1, u16 current_l*_ma 0.01
u32 limiter_w, container, container, container, bool
list iskra-12-kelag iskra
octets=0006190900FF, text meter_id, octets, octets
u32 energy_import_wh, u32 energy_export_wh
u32 reactive_energy_import_varh, u32 reactive_energy_export_varh
u32 power_import_w, u32 power_export_w, any, any
list iskra-15 iskra
u32 energy_import_wh, u32 energy_import_t1_wh, u32 energy_import_t2_wh
u32 energy_export_wh, u32 energy_export_t1_wh, u32 energy_export_t2_wh
octets, time meter_time_local, u32 power_export_w, u32 power_import_w
u16 current_l*_ma 0.01, u16 voltage_l1_mv 0.1, u16 voltage_l3_mv 0.1
"""

from han import positional
from han.fields import Reading
from han.items import Items

LISTS = (
    b"\x00H\x12\x08\x00\x08iskra-18\xc1\x00@\x83ISKA\x01@\x06\x07@\x06\x08@\x06\x09@\x06\x0a"
    b"@\x12\x0bB\x12\x0cB\x12\x0dB\x12\x0eA\x12\x0fA\x12\x10A\x06\x19@\x06\x1a@\x06\x1b@\x06"
    b"\x1c@\x06\x1d@\x06\x1e@\x00?\x0c\x08\x00\x11iskra-12-counters\xc1\x00@\x83ISKA\x01@\x16"
    b"\xff@\x09\xff@\x06\x11@\x06+@\x06,@\x06\x12@\x06-@\x06.@\x06\x13@\x06\x14@\x006\x0c\x08"
    b"\x00\x08iskra-12\xc1\x00@\x83ISKA\x01@\x12\x0bB\x12\x0cB\x12\x0dB\x12\x0eA\x12\x0fA\x12"
    b"\x10A\x06\x07@\x06\x08@\x06\x09@\x06\x0a@\x000\x0a\x08\x00\x08iskra-10\xc1\x00@\x83IS"
    b"KA\x01@\x06\x07@\x06\x08@\x06\x09@\x06\x0a@\x12\x0bB\x12\x0eA\x06\x19@\x06\x1c@\x008\x0a"
    b"\x08\x01\x10iskra-10-tariffs\xc1\x00@\x83ISKA\x01@\x06+@\x06,@\x06-@\x06.@\x067@\x068"
    b"@\x069@\x06:@\x00,\x09\x08\x00\x07iskra-9\xc1\x00@\x83ISKA\x01@\x06\x07@\x06\x08@\x06"
    b"\x09@\x06\x0a@\x12\x0bB\x06\xad@\x06\xae@\x005\x09\x08\x00\x10iskra-9-counters\xc1\x00"
    b"@\x83ISK\x06\x07@\x06\x08@\x06\x11@\x06+@\x06,@\x06\x12@\x06-@\x06.@\x00)\x08\x08\x00"
    b"\x07iskra-8\xc1\x00@\x83ISKA\x01@\x12\x0bB\x12\x0eA\x06\x07@\x06\x08@\x06\x09@\x06\x0a"
    b"@\x00\x19\x04\x08\x00\x07iskra-4A\x01@\x11\xff@\x06\x11@\x06\x12@\x00q!\x08\x00\x08is"
    b"kra-33A\x01@\x09\xff@\x09\xff@\x06\x11@\x06+@\x06,@\x06\x12@\x06-@\x06.@\x06/@\x060@\x06"
    b"1@\x062@\x06\x07@\x06\x08@\x12\x15@\x06\x19@\x06\x1a@\x06\x1b@\x06\x1c@\x06\x1d@\x06\x1e"
    b"@\x12\x0bB\x12\x0cB\x12\x0dB\x12\x0eA\x12\x0fA\x12\x10A\x06<@D\xff@D\xff@D\xff@\x03\xff"
    b"@\x00b\x1c\x08\x00\x08iskra-28A\x01@\x09\xff@\x09\xff@\x06\x11@\x06+@\x06,@\x06\x12@\x06"
    b"-@\x06.@\x06\x07@\x06\x08@\x06\x19@\x06\x1a@\x06\x1b@\x06\x1c@\x06\x1d@\x06\x1e@\x12\x0b"
    b"B\x12\x0cB\x12\x0dB\x12\x0eA\x12\x0fA\x12\x10A\x06<@D\xff@D\xff@D\xff@\x03\xff@\x00?\x0c"
    b"\x08\x00\x0eiskra-12-kelag\x89\xff@\x06\x00\x06\x19\x09\x00\xffA\x01@\x09\xff@\x09\xff"
    b"@\x06\x11@\x06\x12@\x06\x13@\x06\x14@\x06\x07@\x06\x08@@\xff@@\xff@\x00;\x0f\x08\x00\x08"
    b"iskra-15\x06\x11@\x06+@\x06,@\x06\x12@\x06-@\x06.@\x09\xff@B\x03@\x06\x08@\x06\x07@\x12"
    b"\x0eA\x12\x0fA\x12\x10A\x12\x0bB\x12\x0dB"
)


def decode(items: Items, reading: Reading) -> bool:
    """Fill the reading from a list that one of the descriptors fits."""
    return positional.decode(LISTS, items, reading)
