"""Documents: a module each, loaded for the request. web.routes says what they look like."""
