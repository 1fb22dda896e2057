"""The web server, its documents and forms."""
