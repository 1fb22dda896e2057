# The stand-in of tools/image.py.

include("../manifest.py")
freeze("$(PREPARED)/board")
