# What every image holds: asyncio, the firmware and its libraries (microdot, umqtt.simple,
# requests). The board's own manifest includes this one and adds the board. PREPARED is the folder
# that tools/build.py prepare() has filled.

include("$(MPY_DIR)/extmod/asyncio")
freeze("$(PREPARED)/firmware")
