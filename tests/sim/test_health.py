"""/health.json and /metrics of the whole firmware."""

from pathlib import Path

from tests.timing import wait_until
from tests.world import World

SECRETS = {
    "mqtt_password": "broker secret",
    "wifi_psk": "home network",
    "encryption_key": "000102030405060708090A0B0C0D0E0F",
}
# 7E A0 0A, a header and a wrong checksum: a frame of the length that it names.
DAMAGED = "7ea00a0102011300000000007e"


def metrics(world: World) -> dict[str, float]:
    status, body = world.get("/metrics")
    assert status == 200
    lines = [line for line in body.decode().splitlines() if not line.startswith("#")]
    return {key: float(value) for key, _, value in (line.rpartition(" ") for line in lines)}


def errors(world: World) -> int:
    return sum(world.json("/health.json")["meter"]["errors"].values())


def test_health_and_metrics_over_a_restart(tmp_path: Path) -> None:
    meter = ("--meter", "kaifa", "--speed", "3")
    with World(tmp_path, *meter, mqtt="127.0.0.1:9", config=SECRETS) as world:
        wait_until(lambda: world.json("/health.json")["meter"]["telegrams"] >= 1)
        begun = errors(world)  # the reader may have begun within a telegram
        assert begun <= 2
        wait_until(lambda: world.json("/health.json")["meter"]["telegrams"] >= 3)
        world.tell("power 4321")
        wait_until(lambda: metrics(world).get("han_power_import_watts") == 4321)
        first = world.json("/health.json")
        assert first["reset"]["words"] == "power on" and first["reset"]["cause"] == 0
        assert sum(first["meter"]["errors"].values()) == begun and first["meter"]["age"] < 15
        assert first["mqtt"]["light"] != 1 and first["heap"]["free"] > 50_000
        for _ in range(3):
            world.tell("send " + DAMAGED)
        wait_until(lambda: errors(world) >= begun + 3)
        assert metrics(world)["han_telegrams_total"] >= first["meter"]["telegrams"]
        assert world.post("/reboot", "") == (200, {"reboot": True})
        world.restart_after_exit()
        status, text = world.get("/health.json")
        for secret in SECRETS.values():
            assert status == 200 and secret.encode() not in text
        again = world.json("/health.json")
        assert again["reset"]["cause_words"] == "asked for a restart" and again["uptime"] < 60
        assert again["crash"] == ""
        assert [e for e in again["events"] if e["level"] == "info"]
        assert "Traceback" not in world.log()
