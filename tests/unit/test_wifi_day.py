"""One day of random faults of Wi-Fi on each runtime; tests/props has more days."""

import ondemand
from wifi_day import Day

SLACK = 512  # octets: the log's newest line, numbers above 2^30


def test_a_day_of_faults_ends_connected_and_the_heap_is_flat():
    day = Day(20260317)
    begun, ended = day.whole()
    assert day.network.connected and day.network.reason == 0
    assert "net.radio" not in ondemand._visited
    assert all(day.faults.values()) and sum(day.faults.values()) > 60
    assert day.losses > 25 and min(day.asked) > 3
    print(
        "%d faults, %d losses; heap %d, then %d octets"
        % (sum(day.faults.values()), day.losses, begun, ended)
    )
    assert ended - begun <= SLACK
