# What is frozen into the image of every chip.

include("../manifest.py")
freeze("$(PREPARED)/board")
freeze("modules")

# Temperature sensors: boards/esp32/sensors.py.
require("onewire")
require("ds18x20")
