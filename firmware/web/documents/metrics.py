"""/metrics: the reader's values for Prometheus, in its text format 0.0.4.

Rules    Every name has its unit. A value that is not known is left out, with its name.
         Energy is what the meter's registers say, as they come: a counter must never fall, so
         there is no estimate between two lists with registers
Source   Prometheus, "Exposition formats", text-based format
"""

from fmt import fixed
from han import fields
from state import GREEN
from system import NOT_READ, VERSION

from web.documents.health import kinds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App, Request

    Sample = tuple[str, str]  # labels, "" without; value, "null" if it is not known

_PHASES = ("L1", "L2", "L3")
# Name, help, field, scale.
_FIELDS = (
    ("power_import_watts", "Power from the grid.", fields.POWER_IMPORT_W, 0),
    ("power_export_watts", "Power to the grid.", fields.POWER_EXPORT_W, 0),
    ("reactive_import_vars", "Reactive power, import.", fields.REACTIVE_IMPORT_VAR, 0),
    ("reactive_export_vars", "Reactive power, export.", fields.REACTIVE_EXPORT_VAR, 0),
    ("power_factor_ratio", "Power factor.", fields.POWER_FACTOR_PERMILLE, 3),
    ("frequency_hertz", "Frequency of the grid.", fields.FREQUENCY_MHZ, 3),
)
_BY_PHASE = (
    ("voltage_volts", "Voltage by phase.", fields.VOLTAGE_L1_MV, 3),
    ("current_amperes", "Current by phase.", fields.CURRENT_L1_MA, 3),
    ("phase_power_import_watts", "Power from the grid by phase.", fields.POWER_IMPORT_L1_W, 0),
    ("phase_power_export_watts", "Power to the grid by phase.", fields.POWER_EXPORT_L1_W, 0),
)
_REGISTERS = (
    ("energy_import_watthours_total", "Energy from the grid.", fields.ENERGY_IMPORT_WH),
    ("energy_export_watthours_total", "Energy to the grid.", fields.ENERGY_EXPORT_WH),
    (
        "reactive_energy_import_varhours_total",
        "Reactive energy, import.",
        fields.REACTIVE_ENERGY_IMPORT_VARH,
    ),
    (
        "reactive_energy_export_varhours_total",
        "Reactive energy, export.",
        fields.REACTIVE_ENERGY_EXPORT_VARH,
    ),
)


def get(app: "App", request: "Request") -> "Iterator[str]":
    """Pieces of /metrics."""
    state = app.state
    board = app.system.board
    labels = 'version="%s",board="%s"' % (escaped(VERSION), escaped(board.name))
    model = state.text(fields.METER_MODEL)
    if model:
        labels += ',meter="%s"' % escaped(model)
    yield from _family("info", "The reader and its meter.", [(labels, "1")])
    for name, about, field, scale in _FIELDS:
        yield from _one(name, about, fixed(state.number(field), scale, scale))
    for name, about, field, scale in _BY_PHASE:
        values = [fixed(state.number(field + i), scale, scale) for i in range(3)]
        yield from _family(name, about, _labelled("phase", _PHASES, values))
    for name, about, field in _REGISTERS:
        yield from _one(name, about, fixed(state.number(field), 0, 0))
    yield from _prices(app)
    yield from _meter(app)
    yield from _device(app)


def _prices(app: "App") -> "Iterator[str]":
    totals, utc = app.energy.totals, app.system.utc()
    if not utc:
        return
    labels = 'currency="%s"' % escaped(app.energy.currency)
    price = fixed(totals.price(utc), 6, 6)
    yield from _family("price_import_per_kilowatthour", "Price of import.", [(labels, price)])
    if totals.export_price is not None:
        price = fixed(totals.export_price(utc), 6, 6)
    yield from _family("price_export_per_kilowatthour", "Price of export.", [(labels, price)])


def _meter(app: "App") -> "Iterator[str]":
    state, stream = app.state, app.reader.stream
    age = fixed(state.age_ms(app.system.uptime_ms()), 3, 3)
    yield from _one("telegram_age_seconds", "Age of the newest telegram.", age)
    yield from _one("telegrams_total", "Telegrams since start.", str(state.telegrams))
    yield from _one("frames_total", "Valid frames since start.", str(stream.frames))
    yield from _one("unknown_lists_total", "Lists that are not known.", str(state.unknown_lists))
    counts = [('kind="%s"' % kind, str(state.errors[i])) for i, kind in kinds()]
    yield from _family("errors_total", "Errors of the meter's line since start.", counts)


def _device(app: "App") -> "Iterator[str]":
    system = app.system
    board = system.board
    cdeg = system.temperature_cdeg
    for name, about, value in (
        ("uptime_seconds", "Seconds since start.", str(system.uptime_s())),
        ("heap_free_bytes", "Free heap.", str(board.heap_free())),
        ("wifi_rssi_dbm", "Signal strength.", fixed(board.rssi_dbm() or None, 0, 0)),
        ("supply_volts", "Supply voltage.", fixed(system.supply_mv() or None, 3, 3)),
        ("temperature_celsius", "Mean of the sensors.",
            fixed(None if cdeg == NOT_READ else cdeg, 2, 2)),
        ("mqtt_connected", "Whether the broker is connected.",
            str(int(system.mqtt_light == GREEN))),
    ):  # fmt: skip
        yield from _one(name, about, value)


def _one(name: str, about: str, value: str) -> "Iterator[str]":
    return _family(name, about, [("", value)])


def _labelled(label: str, names: "tuple[str, ...]", values: "list[str]") -> "list[Sample]":
    return [('%s="%s"' % (label, names[i]), values[i]) for i in range(len(values))]


def _family(name: str, about: str, samples: "list[Sample]") -> "Iterator[str]":
    """The lines of one metric; none if none of its values is known."""
    known = [(labels, value) for labels, value in samples if value != "null"]
    if known:
        kind = "counter" if name.endswith("_total") else "gauge"
        yield "# HELP han_%s %s\n# TYPE han_%s %s\n" % (name, about, name, kind)
    for labels, value in known:
        yield "han_%s%s %s\n" % (name, "{%s}" % labels if labels else "", value)


def escaped(text: str) -> str:
    """A label's value."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
