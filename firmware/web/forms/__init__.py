"""What a POST changes: a module each, loaded for the request. See web.routes."""
