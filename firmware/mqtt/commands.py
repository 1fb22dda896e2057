"""Commands of the broker: which topics they come on, and what they do. Loaded for one command.

In       a topic and a payload, both octets: anything that who may publish to the broker sends;
         whether the broker has kept the message (retained)
Out      messages to publish, as those of a payload; bits of system.mqtt_due; a log line
Topic    the setting mqtt_subscribe; if that is empty, command under mqtt_topic; "off": none
         dayplot, monthplot   the energy of the last hours, days on TOPIC/dayplot, /monthplot
         restart, announce    the buttons of payload 104: a restart; the entities again
         fwupgrade            pulls the newest version, as POST /upgrade
         restart and fwupgrade are refused if the message is a retained one, which comes again at
         each connection, and in the first minute: a bridge may hide that it is one
         {"start": ...}       prices, as prices.sources.pushed takes them; other price documents
                              as POST /prices takes them
         With payloads 4 and 104 also PREFIX/status of Home Assistant: "online" says that it has
         started, and that the entities are to be announced again
Answer   {"command", "success", "message"} on TOPIC/command/result, but not in what AMS readers of
         2.2 publish: payloads 0 to 4 and 255 of generation 2.2
Limits   a packet: link.MAX_PACKET octets; 20 price documents an hour, as each is written to flash.
         An empty message does nothing
"""

from fmt import boolean, fixed, quote
from micropython import const
from ondemand import visit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from composition import App

    Messages = Iterator[tuple[str, Iterable[str], int]]

_RESULT = "/command/result"
_DOCUMENTS = b"{[<"  # first octets of price documents
_MOST_SHOWN = const(32)
_WITH_ANSWER = (5, 6)  # payloads that AMS readers of 2.2 do not have
_PLOTS = ("dayplot", "monthplot")
_HOME_ASSISTANT = (4, 104)  # payloads
_DEVICE = const(104)
_BUTTONS = ("restart", "announce")
_ANNOUNCE = const(6)  # a kind of messages
_FIRST_S = const(60)
_JUST_STARTED = "the reader has just started"
_RETAINED = "a retained message is an old one: only prices may be retained"
_CAUSE_REBOOT = const(3)
_KNOWN = "dayplot, monthplot or prices in JSON were expected"
_NO_CLOCK = "the clock is not set yet: send the prices again in a minute"
_MOST_AN_HOUR = const(20)
_TOO_MANY = "flash wears out: over %d price documents in an hour are not taken" % _MOST_AN_HOUR
_NO_HEAP = "not enough memory at the moment: send them again in a minute"


def filters(app: "App") -> "list[str]":
    """The topics to subscribe to."""
    topic = command_topic(app)
    published = app.config.mqtt_topic
    if topic and topic in (published, published + _RESULT):
        app.log.warn("mqtt: mqtt_subscribe is a topic of messages to others: no commands")
        topic = ""
    found = [topic] if topic else []
    if app.config.mqtt_payload in _HOME_ASSISTANT:
        found.append(_birth_topic(app))
    return found


def _birth_topic(app: "App") -> str:
    """The topic on which Home Assistant says that it has started."""
    with visit("mqtt.payloads.ha_names") as names:
        prefix, _ = names.place(app)
    return "%s/status" % prefix


def command_topic(app: "App") -> str:
    """The topic of commands, "" for none."""
    config = app.config
    if config.mqtt_subscribe == "off":
        return ""
    return config.mqtt_subscribe or (config.mqtt_topic and config.mqtt_topic + "/command")


def take(app: "App", topic: bytes, payload: bytes, retained: int = 0) -> "Messages":
    """Carry a command out. Generates the messages that answer it. retained: 1 if it is."""
    word = _word(payload)
    if not word:
        return
    if app.config.mqtt_payload in _HOME_ASSISTANT and topic == _birth_topic(app).encode():
        if word == "online":
            app.system.mqtt_due |= 1 << _ANNOUNCE
        return
    if word in _PLOTS and app.config.mqtt_topic:
        yield app.config.mqtt_topic + "/" + word, _plot(app, word), 0
        return
    message = ""
    if bytes(payload[:1]) in _DOCUMENTS:
        word = "prices"
        fault, message = _prices(app, payload)
    elif word in _BUTTONS and app.config.mqtt_payload == _DEVICE:
        fault = _press(app, word, retained)
        message = "" if fault else "done"
    elif word == "fwupgrade":
        fault = _upgrade(app, retained)
        message = "" if fault else "it is pulled"
    else:
        fault = _KNOWN
    app.log.add("mqtt: command %s: %s" % (word, fault or message))
    config = app.config
    answers = config.mqtt_generation != "2.2" or config.mqtt_payload in _WITH_ANSWER
    if answers and config.mqtt_topic:
        body = '{"command":%s,"success":%s,"message":%s}' % (
            quote(word), boolean(not fault), quote(fault or message),
        )  # fmt: skip
        yield config.mqtt_topic + _RESULT, (body,), 0


def _stale(app: "App", retained: int) -> str:
    """Why a command may be an old one, or ""."""
    if retained:
        return _RETAINED
    return _JUST_STARTED if app.system.uptime_s() < _FIRST_S else ""


def _press(app: "App", word: str, retained: int) -> str:
    """Do what a button of payload 104 asks for; the reason if it is refused."""
    if word == "announce":
        app.system.mqtt_due |= 1 << _ANNOUNCE
        return ""
    fault = _stale(app, retained)
    if not fault:
        app.restart(_CAUSE_REBOOT)
    return fault


def _upgrade(app: "App", retained: int) -> str:
    """Pull the newest version; the reason if it is refused."""
    fault = _stale(app, retained)
    if fault:
        return fault
    try:
        with visit("upgrade.preflight") as preflight:
            preflight.want(app, "pull", "", False)
    except ValueError as e:
        return str(e)
    return ""


def _word(payload: bytes) -> str:
    """The beginning of a payload, for a comparison and for the log."""
    shown = bytes(payload[:_MOST_SHOWN]).strip()
    return "".join([chr(octet) if 0x20 <= octet < 0x7F else "?" for octet in shown])


def _prices(app: "App", payload: bytes) -> "tuple[str, str]":
    """Put prices into force: (fault, summary), one of them ""."""
    system = app.system
    if not system.utc():
        return _NO_CLOCK, ""
    count = (
        system.uptime_s() // 3600 * (_MOST_AN_HOUR + 1)
    )  # and one for each document of the hour
    count = max(count, system.price_documents)
    if count % (_MOST_AN_HOUR + 1) == _MOST_AN_HOUR:
        return _TOO_MANY, ""
    document = None
    try:
        document = app.prices.receive()
        document.feed(payload)
        fault, message = app.prices.take(document, app.system.utc())
    except MemoryError:
        app.system.memory_errors += 1
        return _NO_HEAP, ""
    finally:
        if document is not None:
            app.prices.give_up(document)
    if not fault:
        system.price_documents = count + 1
        app.use_prices()
    return fault, message


def _plot(app: "App", word: str) -> "Iterator[str]":
    """Hours of the last day by UTC hour, or days of the last month by date, in kWh."""
    now = app.system.unix_time()
    with visit("energy.views") as views:
        if word == "dayplot":
            block, first = views.day_hours(app.energy, now), 0
        else:
            block, first = views.month_days(app.energy, now), 1
    yield '{"unit":"kwh"'
    for i in range(block.n):
        yield ',"i%02d":%s,"e%02d":%s' % (
            first + i, fixed(block.imported[i], 3, 3), first + i, fixed(block.exported[i], 3, 3),
        )  # fmt: skip
    yield "}"
