"""A household, its meter and all faults, for both runtimes. No firmware code.

The generator keeps the truth: the register at each full hour, and which lists were received.
"""


class Random:
    """A linear congruential generator: the same numbers on both runtimes."""

    def __init__(self, seed):
        self.x = seed

    def below(self, n):
        self.x = (self.x * 1103515245 + 12345) & 0x7FFFFFFF
        return (self.x >> 8) % n

    def chance(self, per_mille):
        return self.below(1000) < per_mille


END_WH = 10**8  # 99,999.99 kWh
ABSURD_WH = (200000, -1000000, 0)  # added to the register, at least 0; the last: of another meter


class World:
    """Minutes of a year at a house. often: registers in each minute, else once an hour.

    faults  names of what the meter does:
            undated   lists have no clock
            beside    frequent lists come up to 9 s before the full minute and 5 s late, undated
            step10, step1000  registers count in 10 Wh or 1 kWh
            end       the register starts again at 0, in the first days
            absurd    now and then a single list is impossible
            old       the very first list is that of the hour before
    """

    def __init__(self, begin, seed, often, restarts, minutes, faults=()):
        self.faults = faults
        self.step = 10 if "step10" in faults else 1000 if "step1000" in faults else 1
        self.calm = 0  # good lists in a row
        self.absurd = 0
        self.random = Random(seed)
        self.begin = begin
        self.often = often
        self.minutes = minutes
        self.ws = [seed * 3600 * 1000, 0]  # import, export in watt-seconds
        if "end" in faults:
            self.ws[0] = (END_WH - 40321) * 3600
        self.meter = "M1"
        self.truth = {}  # hour number: Wh, when the whole hour ran on one counter
        self.differences = [0, 0]  # of new lists that were received, by counter
        self.last_received = None
        self.restart_at = sorted([self.random.below(minutes) for _ in range(restarts)])
        self.reset_at = minutes // 3 + 17
        self.swap_at = minutes * 2 // 3 + 29
        self.long_gaps = (minutes // 5, minutes // 2)
        self.down_until = 0
        self.level = 600
        self.hour_start = self.registers()
        self.hour_ok = True

    def registers(self, powers=(0, 0), ago=0):
        """What the meter shows, or showed some seconds ago."""
        shown = []
        for k in (0, 1):
            wh = (self.ws[k] - powers[k] * ago) // 3600
            shown.append(wh // self.step * self.step % END_WH)
        return shown[0], shown[1]

    def power(self, minute):
        """Import and export in W, the same for a minute."""
        r = self.random
        hour = minute // 60 % 24
        if minute % 15 == 0:
            self.level = 200 + r.below(1500 if hour < 6 else 4500)
            if r.chance(30):
                self.level += 6000
        sun = 4000 if 10 <= hour < 15 and minute // 1440 % 365 // 60 in (2, 3) else 0
        net = self.level + r.below(200) - sun
        return (net, 0) if net > 0 else (0, -net)

    def run(self, send, restart, checked):
        """send(now, powers or None, registers or None, meter, meter clock or None);
        restart(soft); checked(now) after each minute."""
        r = self.random
        old_list = None
        restarts = list(self.restart_at)
        for minute in range(self.minutes):
            now = self.begin + minute * 60
            powers = self.power(minute)
            if minute == self.reset_at:
                self.ws = [0, 0]
                self.counter_changed()
            if minute == self.swap_at:
                self.ws = [self.ws[0] + 777000 * 3600, 5 * 3600]
                self.meter = "M2"
                self.counter_changed()
            self.ws[0] += powers[0] * 60
            self.ws[1] += powers[1] * 60
            now += 60  # the minute is over
            registers = self.registers()
            full_hour = now % 3600 == 0
            before = self.hour_start
            if full_hour:
                if self.hour_ok:
                    self.truth[now // 3600 - 1] = (registers[0] - self.hour_start[0]) % END_WH
                self.hour_start = registers
                self.hour_ok = True
            if restarts and minute >= restarts[0]:
                restarts.pop(0)
                down = r.below(90) if not r.chance(300) else 0
                restart(r.chance(400) and down < 10)
                self.down_until = max(self.down_until, now + down * 60)
            for at in self.long_gaps:
                if minute == at:
                    restart(False)
                    self.down_until = (
                        now + (self.minutes // 330 + r.below(self.minutes // 130)) * 60
                    )
            if now < self.down_until:
                continue
            if not r.chance(15):
                send(now, powers, None, self.meter, None)
            lists = self.often or full_hour
            if lists and "absurd" in self.faults and self.calm >= 3 and r.chance(300):
                self.send_absurd(send, now, registers)
                checked(now + 10)
                continue
            clock = None if "undated" in self.faults else now
            if "old" in self.faults and not self.last_received and not self.often:
                if full_hour:
                    self.faults = [fault for fault in self.faults if fault != "old"]
                    send(now + 10, None, before, self.meter, now - 3600)
            elif self.often:
                if not r.chance(30):
                    if "beside" in self.faults:
                        registers = self.registers(powers, 9)
                        send(now - 9 + r.below(6), None, registers, self.meter, None)
                    else:
                        send(now, None, registers, self.meter, clock)
                    self.note_list(registers)
                else:
                    self.calm = 0
            elif full_hour:
                what = r.below(100)
                if what < 3 and old_list:
                    send(now + 8, None, old_list[0], self.meter, old_list[1])
                    if old_list[2]:  # it was lost the first time
                        self.note_list(old_list[0])
                        old_list = (old_list[0], old_list[1], False)
                    self.calm = 0
                elif what >= 6:
                    late = 180 if what == 6 else 6
                    send(now + late, None, registers, self.meter, clock)
                    old_list = (registers, clock, False)
                    self.note_list(registers)
                else:
                    self.calm = 0
                    if clock is None:
                        old_list = (registers, clock, True)
            checked(now + 10)

    def send_absurd(self, send, now, registers):
        """A list that is impossible, in place of the true one."""
        self.calm = 0
        self.absurd += 1
        more = ABSURD_WH[self.absurd % 3]
        wrong = (max(0, registers[0] + more), registers[1])
        clock = None if "undated" in self.faults else now
        send(now + 6, None, wrong, self.meter if more else "M9", clock)

    def counter_changed(self):
        self.calm = -2
        self.last_received = None
        self.hour_start = self.registers()
        self.hour_ok = False

    def note_list(self, registers):
        if self.last_received:
            self.differences[0] += (registers[0] - self.last_received[0]) % END_WH
            self.differences[1] += registers[1] - self.last_received[1]
        self.last_received = registers
        self.calm += 1
