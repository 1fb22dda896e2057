"""What an AMS reader has left in the data partition: dayplot.bin, monthplot.bin and
energyaccounting.bin.

In       the files, which stay as they are: its firmware finds them when the owner goes back
Out      gaps of the history filled, money and peaks as by energy.importing, once for each state of
         the plots; a log line
Wire     little endian, with the gaps of C. A plot: version u8 | at 2 its values of import u16 |
         time of the last reading u32 | registers | values of export | exponent u8; a value is
         times 10^exponent Wh. dayplot has 24 UTC hours, monthplot 31 local days; _PLOTS has the
         places.
         energyaccounting 6, 60 octets: version, month u8 | at 4 costs of yesterday, of the month's
         days that are over, of last month i32, in hundredths | the same of income | last month's
         import and export u32, exponent u8, as above | at 38 five times day u8, 0, 10 W u16.
         Version 7, 72 octets: costs and income begin with today; the peaks have hours
Limits   the registers are not used; its settings are not in files: configfile.cfg has them
Source   the AMS reader's behaviour, 2.2 to 2.5
"""

import struct

from micropython import const
from ondemand import visit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from log import Log

    from energy.importing import Imported
    from energy.ledger import Energy

_NAMES = ("dayplot.bin", "monthplot.bin", "energyaccounting.bin")
_TAKEN = "plots.taken"  # the times of the plots that are taken
_MOST_EXPONENT = const(3)
_EARLIEST = const(1000000000)  # 2001
_CENT = const(10000000)  # in 1e-9 of the currency

# File and version: octets, number of values, places of time, export and exponent.
_PLOTS = {
    (0, 5): (116, 24, 52, 64, 112),
    (0, 6): (128, 24, 52, 72, 120),
    (1, 6): (140, 31, 64, 76, 138),
    (1, 7): (152, 31, 64, 88, 150),
}


def take(energy: "Energy", now: int, log: "Log") -> None:
    """Enter what is in the files, unless it is already."""
    files = energy.history.files
    if files is None or not [name for name in files.names() if name in _NAMES[:2]]:
        return
    with visit("energy.importing") as importing:
        found = importing.Imported()
        for i in range(3):
            octets = files.read(_NAMES[i])
            if octets is not None:
                try:
                    _read(found, i, octets)
                except ValueError as e:
                    log.error("history of the AMS reader: %s %s" % (_NAMES[i], e))
        times = b"%d %d" % tuple([plot[0] if plot else 0 for plot in (found.hours, found.days)])
        if times == b"0 0" or files.read(_TAKEN) == times:
            return
        count = importing.apply(found, energy, now)
    if count >= 0 and files.write(_TAKEN, (times,)):
        log.add("history of the AMS reader: %d slots taken over" % count)
        log.add("its settings are not in its files: upload its configfile.cfg")


def _read(found: "Imported", i: int, octets: bytes) -> None:
    """Read one of the files. ValueError with the end of a sentence."""
    version = octets[0] if octets else 0
    if i == 2:
        if version not in (6, 7):
            raise ValueError("has an unknown version")
        _read_money(found, version, octets)
        return
    if (i, version) not in _PLOTS:
        raise ValueError("has an unknown version")
    size, count, time_at, export_at, exponent_at = _PLOTS[i, version]
    if len(octets) != size or octets[exponent_at] > _MOST_EXPONENT:
        raise ValueError("is damaged")
    values = "<%dH" % count
    factor = 10 ** octets[exponent_at]
    imported = [value * factor for value in struct.unpack_from(values, octets, 2)]
    exported = [value * factor for value in struct.unpack_from(values, octets, export_at)]
    plot = struct.unpack_from("<I", octets, time_at)[0], imported, exported
    if plot[0] < _EARLIEST:
        raise ValueError("has no time of a reading")
    if i:
        found.days = plot
    else:
        found.hours = plot


def _read_money(found: "Imported", version: int, octets: bytes) -> None:
    each = version - 3  # numbers of cost, and of income
    end = 4 + 8 * each
    if len(octets) != 60 + 12 * (version - 6) or octets[end + 8] > _MOST_EXPONENT:
        raise ValueError("is damaged")
    sums = list(struct.unpack_from("<%di" % (2 * each), octets, 4))
    if version == 7:
        sums[2] += sums[0]  # the month with today
        sums[6] += sums[4]
        del sums[4], sums[0]
    factor = 10 ** octets[end + 8]
    last_month = struct.unpack_from("<II", octets, end)
    peaks = []
    for at in range(end + 10, end + 30, 4):
        day, hour, tens = struct.unpack_from("<BBH", octets, at)
        if day > 31 or hour > 23:
            raise ValueError("has a peak of no day")
        if day and tens:
            peaks.append((day, hour if version == 7 else -1, tens * 10))
    if not 1 <= octets[1] <= 12:
        raise ValueError("is of no month")
    found.month = octets[1]
    found.money = [cents * _CENT for cents in sums]
    found.peaks = peaks
    found.last_month_wh = (last_month[0] * factor, last_month[1] * factor)
