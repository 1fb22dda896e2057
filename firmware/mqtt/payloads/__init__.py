"""Payload formats for a broker: one module for each, with the same two functions.

about(state, config, system, energy)     messages about the device: on connect, then each minute
telegram(state, config, system, energy)  messages with the newest telegram
Both yield (topic, body); a body is an iterable of str, joined when it is sent.
A new format is a file here and a line in the table of mqtt/publisher.py.
"""
