"""The forms in which telegrams go to a broker: one module each, with the same two functions.

about(state, config, system, energy)     messages about the device: on connect, then each minute
telegram(state, config, system, energy)  messages for the newest telegram
Both yield (topic, body); a body is a str or an iterable of parts, joined when it is sent.
Another one is a file here and a line in the table of mqtt/publisher.py.
"""
