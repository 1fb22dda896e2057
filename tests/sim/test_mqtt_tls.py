"""MQTT with TLS: the whole firmware against mosquitto with a private CA."""

import contextlib
import datetime
import http.client
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.sim.mqtt_peers import Mosquitto, Peer, program, sends, silent
from tests.timing import PATIENCE_S, wait_until
from tests.world import World
from tools.authority import DAY, Authority, key_pem, pem

METER = ("--meter", "kaifa", "--speed", "3")
JSON = {"Content-Type": "application/json"}
FILE = {"Content-Type": "application/octet-stream"}
FORM = {"Content-Type": "multipart/form-data; boundary=xyz"}
NOW = datetime.datetime.now(datetime.UTC)


class Brokers:
    """A CA, brokers with its certificates, and certificates of another CA."""

    def __init__(self, folder: Path) -> None:
        self.ca, self.other = Authority("Home CA"), Authority("Other CA")
        self.ca_pem, self.other_pem = pem(self.ca.certificate), pem(self.other.certificate)
        self.client_key = rsa.generate_private_key(65537, 2048)
        self.client = self.ca.sign("reader", self.client_key)
        authority = folder / "ca.pem"
        authority.write_bytes(self.ca_pem)
        passwords = folder / "passwords"
        command = [program("mosquitto_passwd"), "-b", "-c", str(passwords), "meter", "secret"]
        subprocess.run(command, check=True, capture_output=True)
        (folder / "rights").write_text("user meter\ntopic write ams/#\ntopic read ams/test\n")
        users = f"allow_anonymous false\npassword_file {passwords}\nacl_file {folder}/rights\n"
        expired = (NOW - 20 * DAY, NOW - 10 * DAY)
        self.made: dict[str, Mosquitto] = {}
        for name, more, how in (
            ("good", users, {"names": ["localhost"]}),
            ("wrong-name", users, {"names": ["elsewhere"]}),
            ("expired", users, {"names": ["localhost"], "dates": expired}),
            ("early", users, {"names": ["localhost"], "dates": (NOW + 9 * DAY, NOW + 99 * DAY)}),
            ("client", "allow_anonymous true\nrequire_certificate true\n",
             {"names": ["localhost"]}),
        ):  # fmt: skip
            place = folder / name
            place.mkdir()
            certificate, key = self.ca.write(place, "localhost", **how)
            settings = f"cafile {authority}\ncertfile {certificate}\nkeyfile {key}\n{more}"
            self.made[name] = Mosquitto(place, settings)

    def close(self) -> None:
        for broker in self.made.values():
            broker.close()


@pytest.fixture(scope="module")
def brokers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Brokers]:
    with contextlib.closing(Brokers(tmp_path_factory.mktemp("brokers"))) as made:
        yield made


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with World(tmp_path_factory.mktemp("world"), *METER) as made:
        wait_until(lambda: made.json("/now.json")["n"])
        yield made


def upload(world: World, path: str, octets: bytes) -> tuple[int, Any]:
    """POST a file and remember nothing: (status, answer)."""
    return world.post(path, octets, FILE)


def settings(broker: Mosquitto, **changes: Any) -> dict[str, Any]:
    return {"mqtt_host": "localhost", "mqtt_port": broker.port, "mqtt_topic": "ams", "mqtt_tls": 1,
            "mqtt_user": "meter", "mqtt_password": "secret", **changes}  # fmt: skip


def tried(world: World, broker: Mosquitto, **changes: Any) -> tuple[str, str]:
    """Stage and message of a test."""
    body = json.dumps(settings(broker, **changes))
    status, answer = world.post("/api/mqtt-test", body, JSON)
    assert status == 200 and answer["success"] == (answer["stage"] == "done")
    return answer["stage"], answer["message"]


def ask(world: World, path: str, body: bytes) -> tuple[int, str, bytes]:
    """POST a form of several parts: status, place of a redirect, body."""
    connection = http.client.HTTPConnection("127.0.0.1", world.http, timeout=PATIENCE_S)
    with contextlib.closing(connection):
        connection.request("POST", path, body, FORM)
        response = connection.getresponse()
        return response.status, response.headers.get("Location", ""), response.read()


def change(world: World, changes: dict[str, Any]) -> None:
    assert world.post("/api/config", json.dumps(changes), JSON, "PATCH")[0] == 200


def installed(world: World) -> dict[str, Any]:
    return world.json("/api/certificates.json")


def test_files_are_shown_before_they_are_kept(world: World, brokers: Brokers) -> None:
    assert installed(world) == {
        "mqtt-ca": [],
        "mqtt-cert": [],
        "mqtt-key": [],
        "push-ca": [],
        "price-ca": [],
        "upgrade-ca": [],
    }
    status, answer = upload(world, "/mqtt-ca?preview=true", brokers.ca_pem)
    assert status == 200 and answer["success"] and not answer["kept"]
    [found] = answer["found"]
    certificate = brokers.ca.certificate
    assert found["subject"] == found["issuer"] == "O=Test, CN=Home CA"
    assert found["to"] == certificate.not_valid_after_utc.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert found["sha256"] == certificate.fingerprint(hashes.SHA256()).hex()
    assert found["ca"] and found["key"] == "EC P-256"
    assert installed(world)["mqtt-ca"] == []
    status, answer = upload(world, "/mqtt-ca", brokers.ca_pem)
    assert status == 200 and answer["kept"]
    [stored] = installed(world)["mqtt-ca"]
    assert stored == {**found, "expired": False}
    assert world.json("/configuration.json")["q"]["s"]["c"]
    for path, octets, words in (
        ("/mqtt-ca", b"", "there is no file"),
        ("/mqtt-ca", b"hello", "neither DER nor PEM"),
        ("/mqtt-ca", pem(brokers.client), "is no CA's certificate"),
        ("/mqtt-ca", brokers.ca_pem[:200], "does not end"),
        ("/mqtt-ca", b"-" * 7000, "at most 6144 octets"),
        ("/mqtt-cert", pem(brokers.client) + brokers.ca_pem, "one client certificate"),
        ("/mqtt-key", brokers.ca_pem, "BEGIN PRIVATE KEY"),
    ):
        status, answer = upload(world, path + "?preview=true", octets)
        assert status == 400 and words in answer["message"], (path, answer)
    assert installed(world)["mqtt-ca"] == [stored]


def test_the_page_asks_before_a_file_is_kept(world: World, brokers: Brokers) -> None:
    assert "None is stored." in world.get("/mqtt-cert")[1].decode()
    part = (
        b'--xyz\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n%s\r\n--xyz--'
    )
    status, _, page = ask(world, "/mqtt-cert?preview=true", part % pem(brokers.client))
    text = page.decode()
    assert status == 200 and "For: O=Test, CN=reader" in text and "By: O=Test, CN=Home CA" in text
    assert installed(world)["mqtt-cert"] == []
    nothing = b'--xyz\r\nContent-Disposition: form-data; name="keep"\r\n\r\ntrue\r\n--xyz--\r\n'
    status, place, _ = ask(world, "/mqtt-cert?keep=true", nothing)
    assert (status, place) == (303, "/configuration")
    assert [row["subject"] for row in installed(world)["mqtt-cert"]] == ["O=Test, CN=reader"]
    assert ask(world, "/mqtt-cert?keep=true", nothing)[0] == 400
    other = rsa.generate_private_key(65537, 2048)
    status, answer = upload(world, "/mqtt-key", key_pem(other))
    assert status == 400 and "do not belong together" in answer["message"]
    status, place, page = ask(world, "/mqtt-key", part % key_pem(brokers.client_key))
    assert (status, place, page) == (303, "/configuration", b"")
    assert installed(world)["mqtt-key"] == [{"key": "RSA 2048 bits"}]
    page = world.get("/mqtt-key")[1]
    assert b"RSA 2048 bits" in page and b"PRIVATE" not in page
    assert (world.data / "mqtt-key").read_bytes()[:2] == b"\x30\x82"
    for path in ("/mqtt-cert", "/mqtt-key"):  # as an AMS reader deletes
        status, _, page = ask(world, path, b"--xyz--\r\n")
        assert (status, page) == (200, b"")
    assert installed(world)["mqtt-cert"] == installed(world)["mqtt-key"] == []


def test_a_test_names_the_stage_and_the_cause(world: World, brokers: Brokers) -> None:
    upload(world, "/mqtt-ca", b"")
    assert tried(world, brokers.made["good"])[0] == "tls"
    assert "there is no CA certificate" in tried(world, brokers.made["good"])[1]
    upload(world, "/mqtt-ca", brokers.other_pem)
    stage, words = tried(world, brokers.made["good"])
    assert stage == "tls" and "not signed by the CA that is installed" in words
    assert tried(world, brokers.made["good"], mqtt_tls=2)[0] == "done"
    assert upload(world, "/mqtt-ca", brokers.other_pem + brokers.ca_pem)[0] == 200
    for name, changes, stage, words in (
        ("good", {}, "done", "a message to ams/test came back"),
        ("good", {"mqtt_password": "wrong"}, "login", "not authorised"),
        ("good", {"mqtt_topic": "other"}, "publish", "may this user publish to other/test"),
        ("wrong-name", {}, "tls", "for another name than mqtt_host"),
        ("good", {"mqtt_host": "127.0.0.1"}, "tls", "for another name than mqtt_host"),
        ("expired", {}, "tls", "has expired"),
        ("early", {}, "tls", "is not valid yet"),
        ("client", {}, "tls", "the broker has ended it: does it want"),
    ):
        found = tried(world, brokers.made[name], **changes)
        assert found[0] == stage and words in found[1], (name, found)
        assert "secret" not in found[1]
    with contextlib.closing(Peer(silent, broker=9)) as mute:
        found = tried(world, brokers.made["good"], mqtt_port=mute.port)
    assert found == ("tls", f"localhost:{mute.port}: TLS: no answer in time")
    for octets in (b"HTTP/1.1 400 Bad Request\r\n\r\n", bytes(64), b"\x16\x03\x03\xff\xff" * 9):
        with contextlib.closing(Peer(sends(octets), broker=9)) as other:
            stage, words = tried(world, brokers.made["good"], mqtt_port=other.port)
        assert stage == "tls" and "TLS: the " in words, words


def test_telegrams_are_published_with_tls_and_a_client_certificate(
    world: World, brokers: Brokers
) -> None:
    upload(world, "/mqtt-ca", brokers.ca_pem)
    change(world, settings(brokers.made["good"]))
    wait_until(lambda: world.json("/data.json")["mm"] == 1)
    assert tried(world, brokers.made["good"])[0] == "done"  # meanwhile the publisher pauses
    wait_until(lambda: world.json("/data.json")["mm"] == 1)
    change(world, settings(brokers.made["client"]))
    wait_until(lambda: world.json("/data.json")["mm"] == 3)
    upload(world, "/mqtt-cert", pem(brokers.client))
    wait_until(lambda: "the client key is missing" in world.log())
    upload(world, "/mqtt-key", key_pem(brokers.client_key))
    wait_until(lambda: world.json("/data.json")["mm"] == 1)
    count = world.json("/now.json")["n"]
    wait_until(lambda: world.json("/now.json")["n"] > count + 3)
    assert world.json("/data.json")["mm"] == 1
    log = world.log()
    assert "Traceback" not in log and "Task exception" not in log
