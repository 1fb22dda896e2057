import start
from config import Config
from doubles import BoardDouble, reading
from energy import profiles
from energy.ledger import Energy
from files import FilesDouble
from log import Log

MORNING = 1773742800
TELEGRAM = reading(3, energy_import_wh=5000000, energy_export_wh=0, power_import_w=900)


class Board(BoardDouble):
    overrides = {}  # none

    def __init__(self):
        super().__init__()
        self.rtc = b"kept"

    def mac(self):
        return b"\x7c\xdf\xa1\x00\x1e\x4b"

    def rtc_read(self):
        return self.rtc

    def rtc_write(self, octets):
        self.rtc = octets


class Files(FilesDouble):
    def __init__(self):
        super().__init__()
        self.aside = []

    def set_aside(self, name):
        self.aside.append(name)


class App:
    """The members of the composition root that the start uses."""

    def __init__(self, safe_s=0):
        self.safe_s = safe_s
        self.board = Board()
        self.storage = Files()
        self.config = Config({}, {})
        self.log = Log(lambda: 0, False)
        self.notes = []
        self.energy = None

    def note(self, what, e):
        self.notes.append((what, type(e)))

    def tariff(self):
        return profiles.tariff("NO", {}, [])

    def counts(self):
        return self.energy.history.files is self.storage


def count(energy):
    return energy.update(TELEGRAM.values, MORNING, [0, 0, 0, 0], MORNING, False, 5)


def test_the_stored_energy_is_used():
    app = App()
    app.energy = start.energy(app)
    assert app.notes == [] and app.counts()
    count(app.energy)
    assert app.energy.save(MORNING) and app.storage.data


def test_energy_that_cannot_be_restored_is_left_as_it_is():
    for error in (MemoryError, ValueError, IndexError, KeyError, TypeError, OSError):
        app = App()
        app.storage.data["journal"] = b"damaged"

        def read(name, error=error):
            raise error

        app.storage.read = read
        app.energy = start.energy(app)
        assert app.notes == [("energy", error)]
        assert not app.counts()
        assert count(app.energy) == "" and app.energy.settler.settled_until == 0
        assert not app.energy.save(MORNING)
        assert app.storage.data == {"journal": b"damaged"} and app.storage.writes == 0


def test_safe_mode_reads_no_energy_and_keeps_the_snapshot():
    app = App(safe_s=600)
    app.storage.read = None  # a call would raise
    app.energy = start.energy(app)
    assert isinstance(app.energy, Energy) and not app.counts()
    assert app.energy.history.files.names() == []
    start.restore(app)
    assert app.notes == [] and app.board.rtc == b"kept"


def settings(app):
    """The settings as start.py makes them; Config's defaults are then as before."""
    before = Config.mqtt_client_id, Config.mqtt_topic
    try:
        return start.attempt(app, "config.json", start.settings)
    finally:
        Config.mqtt_client_id, Config.mqtt_topic = before


def test_client_id_and_topic_have_the_mac_unless_the_owner_has_chosen_others():
    app = App()
    try:
        config = start.attempt(app, "config.json", start.settings)
        assert config.mqtt_client_id == config.mqtt_topic == "ams-7cdfa1001e4b"
        config.put("mqtt_topic", "ams")
        assert config.mqtt_topic == "ams"
        config.put("mqtt_topic", None)
        assert config.mqtt_topic == "ams-7cdfa1001e4b"
    finally:
        Config.mqtt_client_id = Config.mqtt_topic = "amsreader"


def test_settings_that_raise_are_set_aside():
    app = App()
    app.storage.data["config.json"] = b'{"hostname": "attic"}'
    assert settings(app).hostname == "attic"
    assert app.storage.aside == []
    app.storage.read_json = lambda name: None  # Config takes no such thing
    assert settings(app) is None
    assert app.storage.aside == ["config.json"] and len(app.notes) == 1

    def no_heap(name):
        raise MemoryError

    app.storage.read_json = no_heap
    assert settings(app) is None
    assert app.storage.aside == ["config.json"] * 2 and len(app.notes) == 2
