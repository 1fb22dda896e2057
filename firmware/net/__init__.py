"""The network below the services."""
