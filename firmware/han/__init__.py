"""From octets on the wire to a Reading. Only reader.py knows the device."""
