# Common part of every image: asyncio, the firmware and its libraries (microdot, umqtt.simple,
# requests). Each board's manifest includes it and adds the board. PREPARED is the output folder
# of prepare() in tools/build.py.

include("$(MPY_DIR)/extmod/asyncio")
freeze("$(PREPARED)/firmware")
