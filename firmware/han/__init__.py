"""From octets on the wire to a Reading. Nothing here knows sockets, files or clocks, but reader.py."""
