"""Payload formats for a broker: one module for each, with the same function.

messages(app, kind)   a generator of (topic, parts, flags)
topic                 str
parts                 an iterable of str, joined when the message is sent
flags                 1 retained, 2 QoS 1; the sum for both
kind                  0 the newest telegram
                      1 about the device, 2 prices, 3 temperatures, 4 firmware, 5 events
                      6 announcement of what is published, for Home Assistant
begin(app), end(app)  before the first message of a connection and after its last; a module may
                      have both or none
A kind that a format does not have has no messages. The module is loaded all the time: it makes the
messages of kind 0, and visits another module for the others, as long as it generates them. Its
caller closes the generator.
A new format is a file here and a line in the table of mqtt/publisher.py.
"""
