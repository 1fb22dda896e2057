"""One module a payload format: messages(state, config) yields (topic, body)."""
