"""Documents: a module each, loaded for the request. See web.routes."""
