"""Payload 3: messages to Domoticz, on its topic domoticz/in, not retained.

The settings domoticz_* have the index of each device, 0 for none. Energy is published with each
telegram, with the register read last, once it is above 1 kWh; voltages and currents with lists
that have them. There is nothing but telegrams.
"""

from fmt import fixed
from han.fields import CURRENT_L1_MA, ENERGY_IMPORT_WH, POWER_IMPORT_W, VOLTAGE_L1_MV
from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App
    from han.fields import Reading
    from state import State

_TOPIC = "domoticz/in"
_LEAST_WH = const(1000)


def messages(app: "App", kind: int) -> "Iterator[tuple[str, tuple[str, ...], int]]":
    """The messages of the newest telegram: (topic, parts of the JSON, flags)."""
    reading = app.state.reading
    if kind or reading is None:
        return
    values: "Reading | State" = app.state if app.config.mqtt_interval_s else reading
    register = app.state.number(ENERGY_IMPORT_WH) or 0
    if register > _LEAST_WH:
        power = fixed(values.number(POWER_IMPORT_W) or 0, 0, 1)
        yield from _device(app, "energy", power + ";" + fixed(register, 0, 1))
    if values.list_type < 2:
        return
    for phase in range(3):
        voltage = values.number(VOLTAGE_L1_MV + phase)
        if voltage is not None:
            yield from _device(app, "l%d" % (phase + 1), fixed(voltage, 3, 2))
    currents = [values.number(CURRENT_L1_MA + phase) for phase in range(3)]
    if currents != [None] * 3:
        text = ";".join([fixed(current or 0, 3, 1) for current in currents])
        yield from _device(app, "current", text)


def _device(app: "App", name: str, value: str) -> "Iterator[tuple[str, tuple[str, ...], int]]":
    """The message of a device, if its index is set."""
    index = app.config.stored.get("domoticz_%s_idx" % name, 0)
    if index:
        body = '{"command":"udevice","idx":%d,"nvalue":0,"svalue":"%s"}' % (index, value)
        yield _TOPIC, (body,), 0
