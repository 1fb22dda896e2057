"""Iskraemeco: lists by position, most of them behind the device name "ISK...".

Lists    SI  18 or 10 items (powers, U, I; 1..5 s), 8, 9, 12 with "UP_3f"; counters (15 min) in 12,
             10 or 4 items; 9 items of power and counters
         HR  33 items (IE.5), 28 without quadrants and power factor
         AT  12 items behind the push setup's OBIS code (KELAG)
         CH  15 items, by descriptions in public issues alone: no readable capture is known
         The AM550 with structures of OBIS codes is decoded by han.walk, P1 text by han.p1
Units    W, var, 0.1 V, 0.01 A, Wh, varh, power factor 0.001
Quirks   On port HDLC with segments of 164 octets. The 10-item list of counters has no totals.
         Two counters at the end of the 9-item list of one phase were 0 whenever seen.
         Disconnector and tariff of the 12-item list, and the clock in parts, are not taken.
Source   known only from captures
Seen     AM550, AM550-ED1, IE.5-TD1
"""

LISTS = """
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
