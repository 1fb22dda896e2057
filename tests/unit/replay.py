"""Replays a household through the energy domain and compares its files with the truth."""

import clock
from doubles import reading
from energy import blocks, profiles, views
from energy.blocks import Block
from energy.ledger import Energy
from energy.power import HoldTimes
from energy.stored import months
from energy.tariff import Peaks
from files import FilesDouble
from household_year import World


class Replay:
    def __init__(self, zone, begin, seed, often, restarts, minutes, faults=()):
        self.world = World(begin, seed, often, restarts, minutes, faults)
        self.zone = zone
        self.files = FilesDouble()
        self.energy = self.new(b"")
        self.quarters = [0, 0]
        self.hours = [0, 0]
        self.measured = {}  # hour number: Wh
        self.near = {}  # hour number: import, the most that it is too high, import and export
        self.others = 0
        self.next_day = None
        self.boot = begin
        self.stepped_back = 0
        self.shown = [(None, 0)] * 3
        self.restarted = 0
        self.first_ws = [0, 0]  # received before the first register, in watt-seconds
        self.powered_at = None
        self.registered = False

    def new(self, snapshot):
        energy = Energy(self.zone, profiles.tariff("NO", {}))
        energy.load(self.files, snapshot)
        self.hold_times = HoldTimes()
        return energy

    def send(self, now, powers, registers, meter, meter_clock):
        values = {"meter_id": meter}
        if powers:
            values["power_import_w"], values["power_export_w"] = powers
        if registers:
            values["energy_import_wh"], values["energy_export_wh"] = registers
        self.registered = self.registered or self.world.last_received is not None
        if not self.registered and powers:
            held = 0 if self.powered_at is None else min(60, now - self.powered_at)
            self.first_ws = [ws + watts * held for ws, watts in zip(self.first_ws, powers)]
            self.powered_at = now
        told = reading(3, **values).values
        held_ms = self.hold_times.note(told, (now - self.boot) * 1000)
        self.energy.update(told, now, held_ms, meter_clock)

    def restart(self, soft):
        listed = self.registered or self.world.last_received is not None
        if not soft and not listed:  # nothing is settled yet: counting begins anew
            self.first_ws, self.powered_at = [0, 0], None
        self.energy = self.new(self.energy.snapshot() if soft else b"")
        self.restarted += 1

    def checked(self, now):
        energy = self.energy
        if energy.save_due(now):
            energy.save(now)
            self.look(energy.history.day)
        if energy.ready and now // 60 % 7 == 0:
            self.watch(energy.running(now), now)

    def watch(self, rows, now):
        day = energy_day = self.energy.settler.zone.day(now)
        for i, number in enumerate((now // 3600, day, clock.month_of(energy_day))):
            if self.shown[i][0] == number and rows[i][0] < self.shown[i][1]:
                self.stepped_back += 1
            self.shown[i] = (number, rows[i][0])

    def look(self, until):
        """Add up the UTC days before `until`, once each."""
        if self.next_day is None:
            self.next_day = self.world.begin // 86400
        block, hours = Block(96), Block(24)
        while self.next_day < until:
            self.add(self.next_day, block, hours)
            self.next_day += 1

    def add(self, day, block, hours):
        history = self.energy.history
        views.fill(history, blocks.QUARTERS, day, block)
        views.fill(history, blocks.HOURS, day, hours)
        for i in range(24):
            quarter = sum(block.imported[4 * i : 4 * i + 4])
            assert quarter == hours.imported[i], (day, i)
            if hours.quality[i] == blocks.MEASURED:
                self.measured[day * 24 + i] = hours.imported[i]
            elif hours.quality[i] >= blocks.NEAR:
                parts = (256, 128, 64, 32)[hours.quality[i] - blocks.NEAR]
                total = hours.imported[i] + hours.exported[i]
                self.near[day * 24 + i] = (hours.imported[i], total // parts, total)
            else:
                self.others += 1
        for sums, source in ((self.quarters, block), (self.hours, hours)):
            sums[0] += sum(source.imported)
            sums[1] += sum(source.exported)

    def run(self):
        self.world.run(self.send, self.restart, self.checked)
        history = self.energy.history
        self.look(history.day + 1)

    def days(self):
        """The sum of all local days, the running one included."""
        zone = self.energy.settler.zone
        first = zone.month(self.world.begin)
        total = list(self.energy.totals.rows[1][:2])
        block = Block(31)
        for month in range(first, self.energy.totals.numbers[2] + 1):
            views.fill(self.energy.history, blocks.DAYS, month, block)
            total[0] += sum(block.imported)
            total[1] += sum(block.exported)
        return total

    def expected_peaks(self):
        """month number: the five highest days' hours, from the truth of measured hours and from
        the least of those that are near."""
        zone = clock.Zone(self.zone)
        best = {}
        for hour in self.near:
            wh, high, _ = self.near[hour]
            assert wh - high <= self.world.truth[hour], hour
            day = zone.day(hour * 3600)
            best[day] = max(best.get(day, 0), wh - high)
        for hour in self.measured:
            day = zone.day(hour * 3600)
            best[day] = max(best.get(day, 0), self.world.truth[hour])
        months = {}
        for day in best:
            if best[day]:
                months.setdefault(clock.month_of(day), []).append(best[day])
        return {m: sorted(v, reverse=True)[:5] for m, v in months.items()}

    def check(self):
        differences = [wh + ws // 3600 for wh, ws in zip(self.world.differences, self.first_ws)]
        assert self.quarters == self.hours == differences == self.days(), (
            self.quarters, self.hours, differences, self.days(),
        )  # fmt: skip
        for hour in self.measured:
            assert self.measured[hour] == self.world.truth[hour], hour
        for hour in self.near:
            wh, _, total = self.near[hour]
            assert abs(wh - self.world.truth[hour]) * 16 <= total, hour
        expected = self.expected_peaks()
        kept = {row[0]: row[1] for row in months(self.files)}
        running = self.energy.totals.numbers[2]
        kept[running] = self.energy.peaks.value()
        for month in kept:
            peaks = Peaks(self.energy.peaks.tariff)
            views.find_peaks(self.energy.settler, peaks, month)
            found = sorted([watts for _, watts in peaks.places], reverse=True)
            true = expected.get(month, [])
            assert found == true, month
            three = found[:3] or [0]
            assert kept[month] == (sum(three) + len(three) // 2) // len(three), month
        assert all(month in kept for month in expected)
        # Of whole kWh, a power cut loses what was shown beyond the last step.
        assert self.stepped_back == 0 or self.world.step == 1000
