"""The web server and its documents."""
