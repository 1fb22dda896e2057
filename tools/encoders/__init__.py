"""Encoders for the simulated meter: values in, a meter's octets out.

They share no code with the firmware, so tests can compare the two.

snapshot                                          the values of a meter at one moment
axdr, apdu, gcm, hdlc, segments, gbt, mbus, p1    one wire layer each
aidon, kaifa, kamstrup, iskra, landisgyr, sagemcom, p1text    a Snapshot as one maker's list
prices                                            documents of ENTSO-E and Norges Bank
"""
