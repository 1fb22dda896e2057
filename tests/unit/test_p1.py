"""P1 texts and expected values. 2026-01-15 is 20,468 days from 1970, 2025-10-02 is 20,363."""

from han import fields, p1
from han.fields import METER_ID, POWER_IMPORT_W, DecodeError
from items import as_dict, merged, phases

DAY = 86400
JANUARY = 20468 * DAY + 17 * 3600 + 10  # 2026-01-15 17:00:10


def text(ident, lines, eol="\r\n"):
    return (eol.join([ident, ""] + list(lines) + ["!"])).encode()


def decode(octets):
    return p1.decode(bytearray(octets), 0, len(octets))


def one(*lines):
    """The values of lines; one power is added, without which there is no reading."""
    values = as_dict(decode(text("/TST5", ("1-0:1.7.0(1*W)",) + lines)))
    assert values.pop("power_import_w") == 1
    list_type = values.pop("list_type")
    return values if list_type == 1 else merged(values, {"list_type": list_type})


FULL = (
    "0-0:1.0.0(260115170010W)",
    "0-0:96.1.0(735999289)",
    "0-0:96.14.0(0002)",
    "1-0:1.8.0(00317.695*kWh)",
    "1-0:1.8.1(000162.246*kWh)",
    "1-0:1.8.2(155449*Wh)",
    "1-0:2.8.0(000000.000*kWh)",
    "1-0:3.8.0(000001.5*kVArh)",
    "1-0:4.8.0(000000017*varh)",
    "1-0:1.7.0(02.356*kW)",
    "1-0:2.7.0(00.000*kW)",
    "1-0:3.7.0(0000.022*kVAr)",
    "1-0:4.7.0(0000.001*kvar)",
    "1-0:21.7.0(02.212*kW)",
    "1-0:22.7.0(00.000*kW)",
    "1-0:23.7.0(0.013*kvar)",
    "1-0:32.7.0(00234.6*V)",
    "1-0:52.7.0(234*V)",
    "1-0:72.7.0(0.23355*kV)",
    "1-0:31.7.0(000*A)",
    "1-0:51.7.0(009*A)",
    "1-0:71.7.0(000.14*A)",
    "1-0:13.7.0(0.98)",
    "1-0:14.7.0(49.98*Hz)",
    "1-0:99.97.0(5)(0-0:96.7.19)(101208152415W)(0000000240*s)",
    "0-0:17.0.0(999.9*kW)",
)
SAID = merged(
    {"list_type": 4, "meter_id": "735999289", "tariff": 2, "limiter_w": 999900},
    {"energy_import_wh": 317695, "energy_import_t1_wh": 162246, "energy_import_t2_wh": 155449},
    {"energy_export_wh": 0, "reactive_energy_import_varh": 1500},
    {"reactive_energy_export_varh": 17, "power_import_w": 2356, "power_export_w": 0},
    {"reactive_import_var": 22, "reactive_export_var": 1, "power_import_l1_w": 2212},
    {"power_export_l1_w": 0, "reactive_import_l1_var": 13, "power_factor_permille": 980},
    {"frequency_mhz": 49980},
    phases("voltage_l%d_mv", (234600, 234000, 233550)),
    phases("current_l%d_ma", (0, 9000, 140)),
)


def test_a_whole_telegram():
    for eol in ("\r\n", "\n", "\r"):
        reading = decode(text("/ISk5\\2MT382-1003", FULL, eol))
        assert as_dict(reading) == SAID
        assert reading.vendor == 8 and reading.ident == "2MT382-1003"
        assert reading.clock_local == JANUARY and reading.clock_summer is False


def test_lines_apart_from_their_identification():
    """As deciphering leaves them: an identification, octets that mean nothing, lines."""
    ident = b"/EGM5G35\r\n\r\n"
    lines = "".join([line + "\r\n" for line in FULL]).encode()
    buf = bytearray(ident + b"\x00\x82\x00\x8d0\x01\x28\x0a" + lines + b"tag of twelve")
    first = len(ident) + 8
    reading = p1.decode_lines(buf, 0, len(ident), first, first + len(lines))
    assert as_dict(reading) == SAID and reading.ident == "G35"


def test_maker_and_model_from_the_identification():
    makers = {"/ADN9": 1, "/KFM5KAIFA-METER": 2, "/KAM5": 3, "/KMP5": 3, "/ISK9": 8, "/ISk5": 8}
    makers.update({"/XMX5LGBBFG": 9, "/LGF5E360": 9, "/Ene5": 10, "/EST5": 10, "/NES5": 0})
    for ident, vendor in makers.items():
        reading = decode(text(ident, FULL))
        assert reading.vendor == vendor, ident
        assert reading.ident == (ident[5:] or None)
    assert decode(text("/KAM5" + "x" * 60, FULL)).ident is None


def clock(line, *more):
    reading = decode(text("/TST5", ("1-0:1.7.0(1*W)", line) + more))
    return reading.clock_local, reading.clock_summer


def test_clocks():
    assert clock("0-0:1.0.0(260115170010W)") == (JANUARY, False)
    assert clock("0-0:1.0.0(260115170010S)") == (JANUARY, True)
    assert clock("0-0:1.0.0(260115170010)") == (JANUARY, None)
    assert clock("0-0:1.0.0(20260115 17:00:10)") == (JANUARY, None)
    assert clock("0-0:1.0.0(2026-01-15 17:00:10)") == (JANUARY, None)
    assert clock("1-0:0.9.2(251002)", "1-0:0.9.1(222553)") == (20363 * DAY + 80753, None)
    assert clock("1-0:0.9.1(222553)", "1-0:0.9.2(251002)") == (20363 * DAY + 80753, None)
    for bad in ("(261315170010W)", "(260230170010W)", "(260115240010W)", "(2601151700W)", "()"):
        assert clock("0-0:1.0.0" + bad) == (None, None)
    assert clock("0-0:1.0.0(" + "2" * 15 + ")") == (None, None)
    assert clock("1-0:0.9.1(222553)") == (None, None)
    assert clock("1-0:0.9.1(222553)", "1-0:0.9.2(25)") == (None, None)


def test_ids_in_hexadecimal():
    assert one("0-0:96.1.0(3330303537373735)") == {"meter_id": "30057775"}
    assert one("0-0:96.1.0(4530303132333435)") == {"meter_id": "E0012345"}
    assert one("0-0:96.1.0(4B414D2D31)") == {"meter_id": "KAM-1"}
    assert one("0-0:96.1.0(31323334)") == {"meter_id": "1234"}
    # These are numbers: not every pair is a digit, or a letter where the number is long.
    for plain in ("96815001", "50607040", "7359992890000001", "333", "KA5F1", "41424344"):
        assert one("0-0:96.1.0(%s)" % plain) == {"meter_id": plain}
    assert one("0-0:96.1.0()") == {}
    both = one("0-0:96.1.0(735)", "0-0:96.1.1(MA304)")
    assert both == {"meter_id": "735", "meter_model": "MA304"}
    assert one("0-0:96.1.1(4530303132333435)") == {"meter_id": "E0012345"}


def test_demand_and_the_months_peak():
    peak = {"peak_import_w": 2589, "peak_time_local": JANUARY}
    assert one("1-0:1.4.0(02.351*kW)") == {"demand_import_w": 2351}
    assert one("1-0:1.6.0(260115170010W)(02.589*kW)") == peak
    assert one("1-0:1.6.0(260115170010W)(02.589*kW)", "1-0:1.6.0(260115170010W)(9*kW)") == peak
    assert one("1-0:1.6.0(260115170010S)(2589*W)") == peak  # the wall clock, whatever it is called
    for line in (
        "1-0:1.6.0(260115170010W)",
        "1-0:1.6.0(02.589*kW)",
        "1-0:1.6.0(261315170010W)(02.589*kW)",
        "1-0:1.6.0(260115170010W)(*kW)",
        "1-0:1.6.0(260115170010W)(02.5",
        "1-0:1.6.0()()",
        "0-0:98.1.0(1)(1-0:1.6.0)(1-0:1.6.0)(260101000000W)(251215170010W)(02.589*kW)",
    ):
        assert one(line) == {}, line


HOURS = [0]


def months(brackets, codes="(1-0:1.6.0)(1-0:1.6.0)"):
    """The peaks of earlier months in a telegram of another hour for each call."""
    HOURS[0] += 1
    hour = HOURS[0]
    clock = "0-0:1.0.0(26%02d%02d%02d0000W)" % (
        1 + hour // 24 // 28,
        1 + hour // 24 % 28,
        hour % 24,
    )
    line = "0-0:98.1.0(2)" + codes + brackets
    return decode(text("/FLU5", (clock, line, "1-0:1.7.0(1*W)"))).month_peaks


NOVEMBER = 2025 * 12 + 10


def test_peaks_of_earlier_months():
    # The first entry is of a meter that was not installed yet, as meters send it.
    sent = (
        "(251001000000S)(632525252525W)(00.000*kW)(251101000000W)(251025123000S)(02.567*kW)"
        "(251201000000W)(251106180000W)(02.918*kW)"
    )
    assert months(sent) == [NOVEMBER, 2918, 2567] + [0] * 11
    newest_first = (
        "(251201000000W)(251106180000W)(02.918*kW)(251101000000W)(251025123000S)(2567*W)"
    )
    assert months(newest_first) == [NOVEMBER, 2918, 2567] + [0] * 11
    last_quarter = "(251201000000W)(251201000000W)(3*kW)"  # it ended with the month
    assert months(last_quarter) == [NOVEMBER, 3000] + [0] * 12
    many = ""
    for back in range(15):
        month = NOVEMBER - back
        end = "%02d%02d01000000W" % ((month + 1) // 12 % 100, (month + 1) % 12 + 1)
        at = "%02d%02d02120000W" % (month // 12 % 100, month % 12 + 1)
        many += "(%s)(%s)(%d*kW)" % (end, at, back + 1)
    assert months(many) == [NOVEMBER] + [1000 * n for n in range(1, 14)]
    old = "(211201000000W)(211106180000W)(02.918*kW)"
    assert months(old + newest_first) == [NOVEMBER, 2918, 2567] + [0] * 11
    for wrong in (
        "",
        "(251201000000W)",
        "(251201000000W)(251106180000W)",
        "(251201000000W)(251106180000W)(02.918*kW",
        "(251202000000W)(251106180000W)(02.918*kW)",  # not the end of a month
        "(251201000000W)(251206180000W)(02.918*kW)",  # of another month
        "(251201000000W)(251106180000W)(x*kW)",
        "(251201000000W)(251106180000W)(-2*kW)",
        "(251341000000W)(251106180000W)(02.918*kW)",
    ):
        assert not months(wrong), wrong
    # Meters of other countries send registers under this code.
    assert months("(251201000000W)(251106180000W)(02.918*kW)", codes="(1-0:1.8.0)(1.8.0)") is None
    for i in range(len(sent)):
        months(sent[:i])


def test_peaks_of_earlier_months_are_read_once_an_hour():
    line = "0-0:98.1.0(1)(1-0:1.6.0)(1-0:1.6.0)(251201000000W)(251106180000W)(02.918*kW)"

    def at(time):
        lines = ("0-0:1.0.0(260301%sW)" % time, line, "1-0:1.7.0(1*W)")
        return decode(text("/FLU5", lines)).month_peaks

    one_month = [NOVEMBER, 2918] + [0] * 12
    assert at("100000") == one_month and at("100001") is None and at("105959") is None
    assert at("110000") == one_month
    assert decode(text("/FLU5", (line, "1-0:1.7.0(1*W)"))).month_peaks is None  # without a clock


def test_totals_of_tariffs():
    three = {"list_type": 3}
    parts = one("1-0:1.8.1(1.5*kWh)", "1-0:1.8.2(2*kWh)", "1-0:1.8.4(8*Wh)", "1-0:1.8.8(4*Wh)")
    wanted = {"energy_import_t1_wh": 1500, "energy_import_t2_wh": 2000, "energy_import_t4_wh": 8}
    assert parts == merged(three, wanted, {"energy_import_wh": 3512})
    parts = one("1-0:2.8.1(7*Wh)", "1-0:2.8.0(9*Wh)")
    assert parts == merged(three, {"energy_export_t1_wh": 7, "energy_export_wh": 9})
    parts = one("1-0:3.8.1(7*varh)", "1-0:3.8.2(0.010*kvarh)", "1-0:4.8.6(3*varh)")
    wanted = {"reactive_energy_import_varh": 17, "reactive_energy_export_varh": 3}
    assert parts == merged(three, wanted)


def test_numbers():
    assert one("1-0:2.7.0(-0.5*kW)") == {"power_export_w": -500}
    assert one("1-0:2.7.0(0.0004*kW)") == {"power_export_w": 0}
    assert one("1-0:2.7.0(0.0005*kW)") == {"power_export_w": 1}
    assert one("1-0:2.7.0(100000*kW)") == {"power_export_w": 100000000}
    assert one("1-0:2.8.0(99999999.999*kWh)") == {"list_type": 3, "energy_export_wh": 99999999999}
    for n in (1073741823, 1073741824, 4294967295):
        assert one("1-0:1.8.0(%d*Wh)" % n) == {"list_type": 3, "energy_import_wh": n}
    assert one("1.8.0.255(5*Wh)") == {"list_type": 3, "energy_import_wh": 5}
    assert one("1-1:1.8.0*255(5*Wh)") == {"list_type": 3, "energy_import_wh": 5}
    assert one("1-0:2.7.0(1*kW)", "1-0:2.7.0(2*kW)") == {"power_export_w": 1000}
    for bad in ("()", "(*kW)", "(.*kW)", "(1*kW", "1*kW)", "(x)", "(1.2.3*kW)", "(--1*kW)"):
        assert one("1-0:2.7.0" + bad) in ({}, {"power_export_w": 0}), bad
    assert one("1-0:2.7(1*kW)", "1-0:2.300.0(1*kW)", "1-0:2.7.0", ":2.7.0(1*W)", "-:(1)") == {}


def test_submeters_are_recognised_by_device_type():
    gas = ("0-1:24.1.0(003)", "0-1:96.1.0(4730)", "0-1:24.2.1(260115170010W)(12785.123*m3)")
    assert one(*gas) == {"gas_dm3": 12785123, "gas_time_local": JANUARY}
    # The device type may come last; without it the value is not used.
    assert one(gas[2], gas[0]) == {"gas_dm3": 12785123, "gas_time_local": JANUARY}
    assert one(gas[2]) == {}
    water = ("0-4:24.1.0(007)", "0-4:24.2.1(260115170010W)(00872.234*m3)")
    assert one(*water) == {"water_l": 872234, "water_time_local": JANUARY}
    assert one("0-2:24.1.0(6)", "0-2:24.2.1(5*dm3)") == {"water_l": 5}
    for device in ("004", "012", "013"):
        heat = ("0-2:24.1.0(%s)" % device, "0-2:24.2.1(260115170010S)(12.345*GJ)")
        assert one(*heat) == {"heat_mj": 12345, "heat_time_local": JANUARY}
    assert one("0-2:24.1.0(4)", "0-2:24.2.1(1)(1.5*MWh)") == {"heat_wh": 1500000}
    assert one("0-2:24.1.0(4)", "0-2:24.2.1(1)(7*kWh)") == {"heat_wh": 7000}
    assert one("0-2:24.1.0(4)", "0-2:24.2.1(1)(7*m3)") == {}
    assert one("0-2:24.1.0(2)", "0-2:24.2.1(1)(7*kWh)") == {}
    assert one("0-1:24.1.0(003)", "0-1:24.2.3(7.000*m3)", "0-1:24.2.1(9*m3)") == {"gas_dm3": 7000}


def test_gas_in_older_telegrams():
    """The unit in the last bracket, the value alone on the next line."""
    head = ("0-1:24.1.0(03)", "0-1:24.3.0(260115170010)(00)(60)(1)(0-1:24.2.1)(m3)")
    assert one(*(head + ("(00012.345)",))) == {"gas_dm3": 12345, "gas_time_local": JANUARY}
    assert one(*head) == {}
    assert one(*(head + ("1-0:2.7.0(1*kW)",))) == {"power_export_w": 1000}


def failure(octets):
    try:
        decode(octets)
    except DecodeError as e:
        return e.code
    raise AssertionError("decoded")


def test_its_own_checksum_where_it_is_within():
    octets = text("/TST5", ("1-0:1.7.0(1*W)",))
    crc = 0
    for octet in octets:
        crc ^= octet
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    digits = ("%04X" % crc).encode()
    assert decode(octets + digits + b"\r\n").number(POWER_IMPORT_W) == 1
    assert decode(octets + b"\r\n").number(POWER_IMPORT_W) == 1
    wrong = ("%04X" % (crc ^ 1)).encode()
    assert failure(octets + wrong + b"\r\n") == fields.CHECKSUM
    assert failure(octets + b"zzzz\r\n") == fields.CHECKSUM


def test_nothing_known_is_an_error():
    assert failure(text("/TST5", ())) == fields.UNKNOWN_DATA
    assert failure(text("/TST5", ("0-0:1.0.0(260115170010W)", "0-0:96.1.0(1)"))) == -9
    assert failure(b"/") == fields.UNKNOWN_DATA
    assert failure(b"/TST5\r\n1-0:1.7.0(") == fields.UNKNOWN_DATA


def test_hostile_lines_are_bounded():
    many = ["0-0:96.1.0(%d)" % i for i in range(150)] + ["1-0:1.7.0(1*W)"]
    assert decode(text("/TST5", many)).text(METER_ID) == "0"
    assert one("0-0:96.1.0(" + "9" * 500 + ")")["meter_id"] == "9" * 80
    assert one("0-1:24.1.0(3)", "0-1:24.2.1" + "(" * 200, "0-1:24.2.1" + "()" * 200) == {}
    assert one("1-0:2.7.0(" + "0" * 300 + "." + "0" * 300 + "*kW)") == {"power_export_w": 0}
    assert one("1-0:2.7.0(" + "9" * 300 + "*kW)") == {}
    whole = ("0-0:96.1.0(" + "31" * 30 + ")" + "\r\n1-0:1.7.0(1*W)\r\n") * 60
    assert decode(("/TST5\r\n" + whole).encode()).text(METER_ID) == "1" * 30
