# The stand-in: see tools/image.py.

include("../manifest.py")
freeze("$(PREPARED)/board")
