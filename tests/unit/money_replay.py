"""A month with prices that come late, are corrected, and with power cuts: sums against the truth.

The truth is the energy of each quarter of the history times the last price that was put into
force while the quarter was not older than the two local days before the running one.
"""

import random

import clock
from energy import blocks, hourly, money, views
from energy.blocks import Block
from energy.stored import months
from files import FilesDouble
from test_energy_ledger import Meter

ZONE = "Europe/Oslo"
CURRENCY = "NOK"


class PowerCut(Exception):
    """Ends a write before or after the file has changed."""


class CutFiles(FilesDouble):
    """Files whose power is cut at one of the next writes; -1: it is not."""

    def __init__(self):
        super().__init__()
        self.left = -1
        self.after = False

    def _cut(self, after):
        if self.left == 0 and after == self.after:
            self.left = -1
            raise PowerCut()
        if after and self.left > 0:
            self.left -= 1

    def write(self, name, chunks):
        self._cut(False)
        done = super().write(name, chunks)
        self._cut(True)
        return done

    def append(self, name, data):
        self._cut(False)
        done = super().append(name, data)
        self._cut(True)
        return done


class Replay:
    """Hourly registers from `begin` on, with random events between them."""

    def __init__(self, seed, begin):
        random.seed(seed)
        self.begin = begin
        self.files = CutFiles()
        self.table = {}  # quarter: price in force
        self.final = {}  # quarter: the last price that was in force for it
        self.meter = Meter(ZONE, files=self.files)
        self.use_prices()
        self.registers = [5000, 100]
        self.now = begin

    def price(self, utc):
        return self.table.get(utc // 900)

    def export_price(self, utc):
        price = self.table.get(utc // 900)
        return None if price is None else price // 2 - 1000

    def use_prices(self):
        energy = self.meter.energy
        energy.currency = CURRENCY
        since = min(self.table) * 900 if self.table else -1
        energy.set_prices(self.price, self.export_price, (since, since))

    def publish(self):
        """Prices of some of the last days and of the next one come, or are corrected."""
        zone = clock.Zone(ZONE)
        today = zone.day(self.now)
        first = zone.day_start(today - 2) // 900
        for quarter in [quarter for quarter in self.table if quarter < first]:
            del self.table[quarter]
        low = zone.day_start(today - random.randrange(4)) // 900
        high = zone.day_start(today + random.randrange(3)) // 900
        for quarter in range(low + random.randrange(60), high):
            if quarter >= first:
                self.table[quarter] = self.final[quarter] = random.randrange(-200000, 3000000)
        self.use_prices()

    def restart(self, snapshot=b""):
        self.meter = Meter(ZONE, files=self.files, snapshot=snapshot)
        self.use_prices()

    def hour(self):
        """One hour: a register, perhaps prices, a save and a restart."""
        self.now += 3600
        self.registers[0] += random.randrange(4000)
        self.registers[1] += random.randrange(500)
        self.meter.register(self.now, self.registers[0], self.registers[1])
        chance = random.randrange(100)
        if chance < 4:
            self.files.left, self.files.after = random.randrange(6), random.randrange(2) == 0
        if 3 < chance < 9:
            self.publish()
        energy = self.meter.energy
        energy.save(self.now)
        if energy.totals.reprice >= 0:
            energy.reprice()
        if chance == 10:
            self.restart(energy.snapshot())
        elif chance == 11:
            self.restart()

    def run(self, hours):
        for _ in range(hours):
            try:
                self.hour()
            except PowerCut:
                self.restart()
                self.meter.register(self.now, self.registers[0], self.registers[1])
        self.files.left = -1
        while self.meter.energy.totals.reprice >= 0:
            self.meter.energy.reprice()

    def truth(self, begin, end):
        """[import, export, cost, income, priced import, priced export] of [begin, end)."""
        sums = [0] * 6
        block = Block(96)
        history = self.meter.energy.history
        for number in range(begin // 86400, (end - 1) // 86400 + 1):
            views.fill(history, blocks.QUARTERS, number, block)
            for i in range(96):
                quarter = number * 96 + i
                if begin <= quarter * 900 < end:
                    price = self.final.get(quarter)
                    moved = block.imported[i], block.exported[i]
                    for k in (0, 1):
                        sums[k] += moved[k]
                        if price is not None:
                            sums[2 + k] += moved[k] * (price // 2 - 1000 if k else price)
                            sums[4 + k] += moved[k]
        return sums

    def check(self):
        """The five rows and the stored month are the truth."""
        energy = self.meter.energy
        zone = clock.Zone(ZONE)
        day, month = zone.day(self.now), zone.month(self.now)
        bounds = (
            (self.now // 3600 * 3600, self.now // 3600 * 3600 + 3600),
            (zone.day_start(day), zone.day_start(day + 1)),
            (zone.month_start(month), zone.month_start(month + 1)),
            (zone.day_start(day - 1), zone.day_start(day)),
            (zone.month_start(month - 1), zone.month_start(month)),
        )
        expected = [self.truth(begin, end) for begin, end in bounds]
        assert energy.totals.rows == expected, (energy.totals.rows, expected)
        for row in months(self.files):
            if row[0] == month - 1:
                assert row[2:8] == expected[4], (row, expected[4])

    def check_hours(self):
        """The kept hours that add up to the money of their day are the truth. Returns how many
        days have such hours, and how many have money."""
        settler = self.meter.energy.settler
        kept = n = 0
        for row in list(money.days(settler)):
            n += 1
            block, expected = Block(25), Block(25)
            if not hourly.read(settler.history, row[0], block):
                continue
            if hourly.adds_up(block, row[2:]):
                kept += 1
                begin = settler.zone.day_start(row[0])
                for i in range((settler.zone.day_start(row[0] + 1) - begin) // 3600):
                    sums = self.truth(begin + i * 3600, begin + i * 3600 + 3600)
                    hourly.put(expected, i, sums[2:], sums[:2])
                for i in range(25):
                    assert hourly.of(block, i) == hourly.of(expected, i), (row, i)
                    assert block.quality[i] == expected.quality[i], (row, i)
        return kept, n
