"""Encoders for the simulated meter: values in, the octets a real meter would send out.

They share no code with the firmware and serve as its counterpart in tests.

snapshot    what a meter knows at one moment
axdr, apdu, hdlc    one wire layer each
aidon, kaifa, kamstrup    a Snapshot as one HDLC frame, for each list a maker sends
schedule    which list is sent when, and what a meter of a maker and country is like
"""
