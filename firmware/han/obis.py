"""OBIS codes and the field of a Reading that each one fills.

A code is A-B:C.D.E*F. Only C.D.E decides: A-B differs between vendors and channels, F is 255.
A row of the table is C D E field. A new code is a line `b""  # C.D.E FIELD`, whose octets
`python -m tools.tables` then writes.
Source   IEC 62056-61; customer-port lists of Aidon, Kaifa, Kamstrup; Dutch P1 companion standard
"""

from micropython import const

ROWS = const(59)
TABLE = (
    b"\x01\x07\x00\x07"  # 1.7.0 POWER_IMPORT_W
    b"\x02\x07\x00\x08"  # 2.7.0 POWER_EXPORT_W
    b"\x03\x07\x00\x09"  # 3.7.0 REACTIVE_IMPORT_VAR
    b"\x04\x07\x00\x0a"  # 4.7.0 REACTIVE_EXPORT_VAR
    b"\x1f\x07\x00\x0e"  # 31.7.0 CURRENT_L1_MA
    b"\x33\x07\x00\x0f"  # 51.7.0 CURRENT_L2_MA
    b"\x47\x07\x00\x10"  # 71.7.0 CURRENT_L3_MA
    b"\x20\x07\x00\x0b"  # 32.7.0 VOLTAGE_L1_MV
    b"\x34\x07\x00\x0c"  # 52.7.0 VOLTAGE_L2_MV
    b"\x48\x07\x00\x0d"  # 72.7.0 VOLTAGE_L3_MV
    b"\x60\x01\x00\x01"  # 96.1.0 METER_ID
    b"\x00\x00\x05\x01"  # 0.0.5 METER_ID
    b"\x60\x01\x01\x02"  # 96.1.1 METER_MODEL
    b"\x60\x01\x07\x02"  # 96.1.7 METER_MODEL
    b"\x00\x02\x81\x00"  # 0.2.129 LIST_ID
    b"\x01\x00\x00\x03"  # 1.0.0 METER_TIME_LOCAL
    b"\x01\x04\x00\x46"  # 1.4.0 DEMAND_IMPORT_W
    b"\x01\x08\x00\x11"  # 1.8.0 ENERGY_IMPORT_WH
    b"\x02\x08\x00\x12"  # 2.8.0 ENERGY_EXPORT_WH
    b"\x03\x08\x00\x13"  # 3.8.0 REACTIVE_ENERGY_IMPORT_VARH
    b"\x04\x08\x00\x14"  # 4.8.0 REACTIVE_ENERGY_EXPORT_VARH
    b"\x0d\x07\x00\x15"  # 13.7.0 POWER_FACTOR_PERMILLE
    b"\x21\x07\x00\x16"  # 33.7.0 POWER_FACTOR_L1_PERMILLE
    b"\x35\x07\x00\x17"  # 53.7.0 POWER_FACTOR_L2_PERMILLE
    b"\x49\x07\x00\x18"  # 73.7.0 POWER_FACTOR_L3_PERMILLE
    b"\x15\x07\x00\x19"  # 21.7.0 POWER_IMPORT_L1_W
    b"\x29\x07\x00\x1a"  # 41.7.0 POWER_IMPORT_L2_W
    b"\x3d\x07\x00\x1b"  # 61.7.0 POWER_IMPORT_L3_W
    b"\x16\x07\x00\x1c"  # 22.7.0 POWER_EXPORT_L1_W
    b"\x2a\x07\x00\x1d"  # 42.7.0 POWER_EXPORT_L2_W
    b"\x3e\x07\x00\x1e"  # 62.7.0 POWER_EXPORT_L3_W
    b"\x17\x07\x00\x1f"  # 23.7.0 REACTIVE_IMPORT_L1_VAR
    b"\x2b\x07\x00\x20"  # 43.7.0 REACTIVE_IMPORT_L2_VAR
    b"\x3f\x07\x00\x21"  # 63.7.0 REACTIVE_IMPORT_L3_VAR
    b"\x18\x07\x00\x22"  # 24.7.0 REACTIVE_EXPORT_L1_VAR
    b"\x2c\x07\x00\x23"  # 44.7.0 REACTIVE_EXPORT_L2_VAR
    b"\x40\x07\x00\x24"  # 64.7.0 REACTIVE_EXPORT_L3_VAR
    b"\x15\x08\x00\x25"  # 21.8.0 ENERGY_IMPORT_L1_WH
    b"\x29\x08\x00\x26"  # 41.8.0 ENERGY_IMPORT_L2_WH
    b"\x3d\x08\x00\x27"  # 61.8.0 ENERGY_IMPORT_L3_WH
    b"\x16\x08\x00\x28"  # 22.8.0 ENERGY_EXPORT_L1_WH
    b"\x2a\x08\x00\x29"  # 42.8.0 ENERGY_EXPORT_L2_WH
    b"\x3e\x08\x00\x2a"  # 62.8.0 ENERGY_EXPORT_L3_WH
    b"\x01\x08\x01\x2b"  # 1.8.1 ENERGY_IMPORT_T1_WH
    b"\x01\x08\x02\x2c"  # 1.8.2 ENERGY_IMPORT_T2_WH
    b"\x02\x08\x01\x2d"  # 2.8.1 ENERGY_EXPORT_T1_WH
    b"\x02\x08\x02\x2e"  # 2.8.2 ENERGY_EXPORT_T2_WH
    b"\x05\x08\x00\x2f"  # 5.8.0 REACTIVE_ENERGY_Q1_VARH
    b"\x06\x08\x00\x30"  # 6.8.0 REACTIVE_ENERGY_Q2_VARH
    b"\x07\x08\x00\x31"  # 7.8.0 REACTIVE_ENERGY_Q3_VARH
    b"\x08\x08\x00\x32"  # 8.8.0 REACTIVE_ENERGY_Q4_VARH
    b"\x01\x08\x03\x33"  # 1.8.3 ENERGY_IMPORT_T3_WH
    b"\x01\x08\x04\x34"  # 1.8.4 ENERGY_IMPORT_T4_WH
    b"\x02\x08\x03\x35"  # 2.8.3 ENERGY_EXPORT_T3_WH
    b"\x02\x08\x04\x36"  # 2.8.4 ENERGY_EXPORT_T4_WH
    b"\x0e\x07\x00\x3b"  # 14.7.0 FREQUENCY_MHZ
    b"\x11\x00\x00\x3c"  # 17.0.0 LIMITER_W
    b"\x60\x0e\x00\x3d"  # 96.14.0 TARIFF
    b"\x60\x03\x0a\x3e"  # 96.3.10 BREAKER_STATE
)
