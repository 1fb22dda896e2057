"""The firmware is killed at random moments under load, again and again, as by power cuts.

Telegrams come fast, an hour lasts 15 s, and corrections and settings are posted all the time.
After each kill the dashboard answers, and what was acknowledged or stored is there. Kaifa sends
its registers once an hour: a measured hour is exactly their difference.
"""

import contextlib
import http.client
import os
import random
import signal
import threading
import time
from pathlib import Path

import pytest

from tests.sim.test_hours import BEGIN, FIRST, HOUR, METER, SPEED, registers, slots
from tests.timing import PATIENCE_S, wait_until
from tests.world import World

STORED_S = 2400  # simulated, after the end of an hour: then it is on flash, also on a busy PC
LINE = {"meter_baud": 115200, "meter_format": "8E1", "hostname": "attic"}


class Owner:
    """Posts corrections of measured hours, and steps of the tariff; knows what was accepted."""

    def __init__(self, world: World, r: random.Random) -> None:
        self.world = world
        self.r = r
        self.corrected: dict[int, int] = {}  # Wh by hour
        self.step = 5  # kW of the first step: the default tariff's
        self.open: tuple[int, int] | None = None  # an hour and its Wh, or 0 and a step: no answer
        self.accepted = 0
        self._hours: list[int] = []
        self._stop = False

    def work(self, hours: list[int]) -> threading.Thread:
        """Begin to post; it ends with the firmware."""
        self._hours = hours
        self._stop = False
        task = threading.Thread(target=self._post_all)
        task.start()
        return task

    def stop(self, task: threading.Thread) -> None:
        self._stop = True
        task.join()

    def _post_all(self) -> None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            while not self._stop:
                if self._hours and self.r.random() < 0.5:
                    self._correct(self.r.choice(self._hours), self.r.randrange(1, 9000))
                else:
                    self._change_step(self.r.randrange(2, 9))

    def _correct(self, hour: int, wh: int) -> None:
        self.open = (hour, wh)
        body = f"i{hour // HOUR % 24:02d}={wh / 1000:.3f}"
        status, answer = self.world.post("/dayplot", body)
        assert status in (200, 503), answer
        if status == 200:
            self.corrected[hour] = wh
            self.accepted += 1
        self.open = None

    def _change_step(self, kw: int) -> None:
        self.open = (0, kw)
        rest = " ".join(str(kw + more) for more in range(1, 9))
        status, answer = self.world.post("/configfile", f"thresholds {kw} {rest} 65535 3\n")
        assert status in (200, 503), answer
        if status == 200:
            self.step = kw
            self.accepted += 1
        self.open = None

    def check(self, found: dict[int, tuple[int, str]]) -> None:
        """Compare with what the reader has. A post without an answer may be done or not."""
        hour, value = self.open or (0, 0)
        step = self.world.json("/tariff.json")["t"][0]
        assert step == self.step or (self.open and not hour and step == value), (step, self.step)
        self.step = step
        for at in {*self.corrected, hour} - {0}:
            wh, quality = found[at]
            accepted = at in self.corrected and wh == self.corrected[at]
            if quality == "edited" and (accepted or (at == hour and wh == value)):
                self.corrected[at] = wh
            else:  # the post was not done, and there was none before
                assert at == hour and at not in self.corrected, (at, wh, quality, self.corrected)
        self.open = None


def kill(world: World) -> None:
    os.kill(world.firmware.pid, signal.SIGKILL)
    world.firmware.wait()


def start(world: World, r: random.Random) -> int:
    """Start until the dashboard answers. Returns the number of kills during starts."""
    kills = 0
    world.start_again(wait=False)
    while r.random() < 0.2:
        time.sleep(r.uniform(0, 0.8))
        kill(world)
        kills += 1
        world.start_again(wait=False)
    wait_until(lambda: answers(world), about=world.log)
    return kills


def answers(world: World) -> bool:
    assert world.firmware.poll() is None, world.log()
    with contextlib.suppress(OSError, http.client.HTTPException):
        return world.get("/")[0] == 200 and world.json("/now.json")["sm"] == 0
    return False


def kept(found: dict[int, tuple[int, str]], now: float) -> dict[int, tuple[int, str]]:
    """The hours that are on flash and not to change: measured and stored."""
    return {
        at: slot
        for at, slot in found.items()
        if slot[1] == "measured" and at + HOUR + STORED_S <= now
    }


def up_s(r: random.Random) -> float:
    """Seconds till the next kill. Some are long enough for an hour, and for its way to flash."""
    if r.random() < 0.07:
        return r.uniform(20, 30)
    return r.choice((r.uniform(0, 0.3), r.uniform(0, 4), r.uniform(0, 4)))


def kill_often(folder: Path, kills: int) -> None:
    seed = random.SystemRandom().randrange(1_000_000)
    r = random.Random(seed)
    with World(folder, *METER, clock=(BEGIN, SPEED), config=LINE) as world:
        owner = Owner(world, r)
        first = FIRST
        wait_until(lambda: world.now() >= first + HOUR + STORED_S, 2 * PATIENCE_S)
        wait_until(lambda: first in kept(slots(world), world.now()), about=world.log)
        known = kept(slots(world), world.now())
        done = checked = 0
        while done < kills:
            even = [at for at in known if at // HOUR % 2 == 0]
            task = owner.work([at for at in even if at > world.now() - 20 * HOUR])
            time.sleep(up_s(r))
            kill(world)
            owner.stop(task)
            done += 1 + start(world, r)
            now = world.now()
            found = slots(world)
            owner.check(found)
            for at, slot in known.items():
                if at not in owner.corrected:
                    assert found[at] == slot, (seed, at)
            measured = {at: wh for at, (wh, quality) in found.items() if quality == "measured"}
            ends = {at + HOUR for at in measured}
            wait_until(lambda ends=ends: ends <= registers(world).keys())
            sent = registers(world)
            for at, wh in measured.items():
                assert wh == sent[at + HOUR] - sent[at], (seed, at, wh)
                checked += 1
            known = kept(found, now)
            assert world.json("/sysinfo.json")["hostname"] == "attic"
        add_up(world, owner, first, seed)
        print(f"seed {seed}: {done} kills, {len(found)} hours, {len(known)} of them measured,")
        print(f"{owner.accepted} posts accepted, {len(owner.corrected)} hours corrected")
        assert "Traceback" not in world.log() and "defect" not in world.log()
        assert not (world.data / "config.json.bad").exists()
        assert owner.accepted > kills // 4 and (checked or kills < 100)


def add_up(world: World, owner: Owner, first: int, seed: int) -> None:
    """All energy since the first register is in some hour, and none twice."""
    last = max(registers(world)) + HOUR
    wait_until(lambda: last in registers(world))
    wait_until(lambda: world.now() >= last + STORED_S)
    wait_until(lambda: last - HOUR in slots(world), about=world.log)
    found, sent = slots(world), registers(world)
    total = 0
    for at, (wh, _) in found.items():
        if first <= at < last:
            total += sent[at + HOUR] - sent[at] if at in owner.corrected else wh
    assert total == sent[last] - sent[first], (seed, total, found, sent)


def test_some_kills_lose_nothing(tmp_path: Path) -> None:
    kill_often(tmp_path, 12)


@pytest.mark.long
def test_300_kills_lose_nothing(tmp_path: Path) -> None:
    kill_often(tmp_path, 300)
