"""The network: Wi-Fi and the time server."""
