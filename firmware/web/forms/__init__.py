"""Forms: a module for each kind of POST, loaded for the request. See web.routes."""
