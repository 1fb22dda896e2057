"""Kaifa: lists by position (Norway and older Swedish meters), pairs of OBIS code and value (SE).

Lists    1 item: power (2 s); 9 / 13: one / three phases (10 s); 14 / 18: + clock and counters
         Austria sends structures with scalers, which han.walk knows; Poland P1 text
Units    W, var, mA, 0.1 V, Wh, varh; no scalers
Quirks   The type tag 09 stands before the date-time of the notification header.
         On IT grids U2 is sent as 0. The MA304T3 does not measure the current of L2.
         CT meters count energy in 64 bits.
Source   Kaifa "KFM_001" customer-port list (Norway), by way of captures
Seen     MA105H2E, MA304H3E, MA304H4, MA304T4
"""

from han.axdr import Items
from han.reading import KAIFA, Reading, exponents
from han.walk import walk

# The numbers are u32 but for the counters of CT meters; the name decides whose list it is.
LISTS = """
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

_EXPONENTS = exponents(voltage=2, current=0, energy=0, factor=0)


def decode_pairs(body: Items, reading: Reading) -> None:
    """Fill the reading from the Swedish list of pairs; it has the units of the others."""
    reading.vendor = KAIFA
    walk(body, reading, _EXPONENTS)
