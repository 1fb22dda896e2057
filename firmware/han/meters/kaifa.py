"""Kaifa: lists by position (Norway and older Swedish meters), pairs of OBIS code and value (SE).

Lists    1 item: power (2 s); 9 / 13: one / three phases (10 s); 14 / 18: + clock and counters
         Austria sends structures with scalers, which han.codes knows; Poland P1 text
Units    W, var, mA, 0.1 V, Wh, varh; no scalers
Quirks   The type tag 09 stands before the date-time of the notification header.
         On IT grids U2 is sent as 0. The MA304T3 does not measure the current of L2.
         CT meters count energy in 64 bits.
Source   Kaifa "KFM_001" customer-port list (Norway), by way of captures
Seen     MA105H2E, MA304H3E, MA304H4, MA304T4
Descriptors
list kaifa-1 kaifa
u32 power_import_w
list kaifa-9 kaifa
text=KFM_* list_id, text meter_id, text meter_model
number power_import_w, number power_export_w, number reactive_import_var
number reactive_export_var, number current_l1_ma 0.001, number voltage_l1_mv 0.1
list kaifa-13 kaifa
text=KFM_* list_id, text meter_id, text meter_model
number power_import_w, number power_export_w, number reactive_import_var
number reactive_export_var, number current_l*_ma 0.001, number voltage_l*_mv 0.1
list kaifa-14 kaifa
text=KFM_* list_id, text meter_id, text meter_model
number power_import_w, number power_export_w, number reactive_import_var
number reactive_export_var, number current_l1_ma 0.001, number voltage_l1_mv 0.1
time meter_time_local, number energy_import_wh, number energy_export_wh
number reactive_energy_import_varh, number reactive_energy_export_varh
list kaifa-18 kaifa
text=KFM_* list_id, text meter_id, text meter_model
number power_import_w, number power_export_w, number reactive_import_var
number reactive_export_var, number current_l*_ma 0.001, number voltage_l*_mv 0.1
time meter_time_local, number energy_import_wh, number energy_export_wh
number reactive_energy_import_varh, number reactive_energy_export_varh
"""

from han import positional
from han.codes import walk
from han.fields import KAIFA, Reading
from han.items import Items

# The numbers are u32 but for the counters of CT meters; the name decides whose list it is.
LISTS = (
    b"\x00\x10\x01\x02\x00\x07kaifa-1\x06\x07@\x00-\x09\x02\x00\x07kaifa-9\xc1\x00@\x84KFM_"
    b"A\x01@A\x02@C\x07@C\x08@C\x09@C\x0a@C\x0e@C\x0bB\x00:\x0d\x02\x00\x08kaifa-13\xc1\x00"
    b"@\x84KFM_A\x01@A\x02@C\x07@C\x08@C\x09@C\x0a@C\x0e@C\x0f@C\x10@C\x0bBC\x0cBC\x0dB\x00"
    b"=\x0e\x02\x00\x08kaifa-14\xc1\x00@\x84KFM_A\x01@A\x02@C\x07@C\x08@C\x09@C\x0a@C\x0e@C"
    b"\x0bBB\x03@C\x11@C\x12@C\x13@C\x14@\x00I\x12\x02\x00\x08kaifa-18\xc1\x00@\x84KFM_A\x01"
    b"@A\x02@C\x07@C\x08@C\x09@C\x0a@C\x0e@C\x0f@C\x10@C\x0bBC\x0cBC\x0dBB\x03@C\x11@C\x12@"
    b"C\x13@C\x14@"
)

_EXPONENTS = b"\x40\x40\x40\x42\x40\x40\x40\x40\x43"  # 0.1 V, mA, Wh


def decode(items: Items, reading: Reading) -> bool:
    """Fill the reading by a descriptor, or from the Swedish list of pairs with the same units."""
    if positional.decode(LISTS, items, reading):
        return True
    if not items.is_obis(1) or not items.starts_with(2, b"KFM_"):
        return False
    reading.vendor = KAIFA
    walk(items, reading, _EXPONENTS)
    return True
