"""The entities of an AMS reader of 2.2 and 2.5 in Home Assistant, as its interface description
lists them: group; names, separated by ;; topic; paths; unit; device class; state class; seconds.
"""

TABLE = """
1|Active import|/power|P|W|power|measurement|30
2|Reactive import|/power|Q|var|reactive_power|measurement|30
2|Reactive export|/power|QO|var|reactive_power|measurement|30
2|L1 current;L2 current;L3 current|/power|I1 I2 I3|A|current|measurement|30
2|L1 voltage;L2 voltage;L3 voltage|/power|U1 U2 U3|V|voltage|measurement|30
2e|Active export|/power|PO|W|power|measurement|30
3|Accumulated active import|/energy|tPI|kWh|energy|total_increasing|4000
3|Accumulated reactive import|/energy|tQI|kvarh||total_increasing|4000
3|Accumulated reactive export|/energy|tQO|kvarh||total_increasing|4000
3e|Accumulated active export|/energy|tPO|kWh|energy|total_increasing|4000
4|Power factor;L1 power factor;L2 power factor;L3 power factor|/power|PF PF1 PF2 PF3|%|power_factor|measurement|30
4|L1 active import;L2 active import;L3 active import|/power|P1 P2 P3|W|power|measurement|30
4e|L1 active export;L2 active export;L3 active export|/power|PO1 PO2 PO3|W|power|measurement|30
r|Month max;Tariff threshold|/realtime|max threshold|kWh|energy|total_increasing|120
r|Current hour used;Current day used;Current month used|/realtime|hour.use day.use month.use|kWh|energy|total_increasing|120
r|Current hour cost;Current day cost;Current month cost|/realtime|hour.cost day.cost month.cost|NOK|monetary||120
re|Current hour produced;Current day produced;Current month produced|/realtime|hour.produced day.produced month.produced|kWh|energy|total_increasing|120
re|Current hour income;Current day income;Current month income|/realtime|hour.income day.income month.income|NOK|monetary||120
r|Current month peak 1;Current month peak 2;Current month peak 3|/realtime|peaks[0] peaks[1] peaks[2]|kWh|energy||4000
p|Minimum price ahead;Maximum price ahead|/prices|prices.min prices.max|NOK/kWh|monetary||4000
p|Cheapest 1hr period ahead;Cheapest 3hr period ahead;Cheapest 6hr period ahead|/prices|prices.cheapest1hr prices.cheapest3hr prices.cheapest6hr||timestamp||4000
s|Status|/state|rssi|dBm|signal_strength|measurement|180
s|Supply volt|/state|vcc|V|voltage|measurement|180
0|Temperature sensor |/state|temp|°C|temperature|measurement|900
t|Temperature sensor 28FF641E93160342;Temperature sensor 28FF0A4C9316031B|/temperatures|temperatures['28FF641E93160342'] temperatures['28FF0A4C9316031B']|°C|temperature|measurement|900
"""  # noqa: E501
PRICES_2_2 = """
p|Price current hour|/prices|prices['0']|NOK/kWh|monetary|total|4000
p|Price in 01 hour|/prices|prices['1']|NOK/kWh|monetary||4000
p|Price in 02 hours;Price in 11 hours|/prices|prices['2'] prices['11']|NOK/kWh|monetary||4000
"""
NEWER = """
s|Uptime|/state|up|s|duration|measurement|180
4|L1 accumulated active import;L2 accumulated active import;L3 accumulated active import|/power|tPI1 tPI2 tPI3|kWh|energy|total_increasing|30
4e|L1 accumulated active export;L2 accumulated active export;L3 accumulated active export|/power|tPO1 tPO2 tPO3|kWh|energy|total_increasing|30
r|Tariff threshold 1;Tariff threshold 9|/realtime|thresholds[0] thresholds[8]|kWh|energy||4000
1|Data timestamp|/power|t||timestamp||30
3|Meter timestamp|/energy|rtc||timestamp||4000
p|Current import price|/prices|prices.import[0]|NOK/kWh|monetary|total|3900
p|Import price in 01 hour|/prices|prices.import[1]|NOK/kWh|monetary||3900
p|Import price in 11 hours|/prices|prices.import[11]|NOK/kWh|monetary||3900
"""  # noqa: E501
# Names whose state class 2.5 leaves out.
WITHOUT_STATE_CLASS = "Month max", "Tariff threshold"


def entities(text):
    """(group, name, topic, path, unit, device class, state class, seconds) of each."""
    found = []
    for line in text.strip().split("\n"):
        group, names, topic, paths, unit, device_class, state_class, seconds = line.split("|")
        for name, path in zip(names.split(";"), paths.split(" ")):
            found.append((group, name, topic, path, unit, device_class, state_class, int(seconds)))
    return found
