"""OBIS codes and the field of a Reading that each one fills.

A code is A-B:C.D.E*F. Only C.D.E decides: A-B differs between vendors and channels, F is 255.
Source   IEC 62056-61; customer-port lists of Aidon, Kaifa, Kamstrup; Dutch P1 companion standard
"""

from han.reading import NAMES

# C.D.E and the field, as text: read once, it takes a third of the heap of a table of tuples.
_ROWS = """
1.7.0 power_import_w
2.7.0 power_export_w
3.7.0 reactive_import_var
4.7.0 reactive_export_var
31.7.0 current_l1_ma
51.7.0 current_l2_ma
71.7.0 current_l3_ma
32.7.0 voltage_l1_mv
52.7.0 voltage_l2_mv
72.7.0 voltage_l3_mv
96.1.0 meter_id
0.0.5 meter_id
96.1.1 meter_model
96.1.7 meter_model
0.2.129 list_id
1.0.0 meter_time_local
1.4.0 demand_import_w
1.8.0 energy_import_wh
2.8.0 energy_export_wh
3.8.0 reactive_energy_import_varh
4.8.0 reactive_energy_export_varh
13.7.0 power_factor_permille
33.7.0 power_factor_l1_permille
53.7.0 power_factor_l2_permille
73.7.0 power_factor_l3_permille
21.7.0 power_import_l1_w
41.7.0 power_import_l2_w
61.7.0 power_import_l3_w
22.7.0 power_export_l1_w
42.7.0 power_export_l2_w
62.7.0 power_export_l3_w
23.7.0 reactive_import_l1_var
43.7.0 reactive_import_l2_var
63.7.0 reactive_import_l3_var
24.7.0 reactive_export_l1_var
44.7.0 reactive_export_l2_var
64.7.0 reactive_export_l3_var
21.8.0 energy_import_l1_wh
41.8.0 energy_import_l2_wh
61.8.0 energy_import_l3_wh
22.8.0 energy_export_l1_wh
42.8.0 energy_export_l2_wh
62.8.0 energy_export_l3_wh
1.8.1 energy_import_t1_wh
1.8.2 energy_import_t2_wh
2.8.1 energy_export_t1_wh
2.8.2 energy_export_t2_wh
5.8.0 reactive_energy_q1_varh
6.8.0 reactive_energy_q2_varh
7.8.0 reactive_energy_q3_varh
8.8.0 reactive_energy_q4_varh
1.8.3 energy_import_t3_wh
1.8.4 energy_import_t4_wh
2.8.3 energy_export_t3_wh
2.8.4 energy_export_t4_wh
14.7.0 frequency_mhz
17.0.0 limiter_w
96.14.0 tariff
96.3.10 breaker_state
"""


def _table() -> bytes:
    """Four octets a row: C D E field."""
    out = bytearray()
    for row in _ROWS.strip().split("\n"):
        code, name = row.split()
        out.extend(bytes([int(part) for part in code.split(".")]))
        out.append(NAMES.index(name))
    return bytes(out)


TABLE = _table()
ROWS = len(TABLE) // 4
