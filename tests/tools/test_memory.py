"""The table of what holds the heap."""

from tools.memory import table


def test_rows_are_in_order_of_size_and_summed() -> None:
    columns = ["100 log\n9000 app.App()\n", "60 log\n4800 app.App()\n", "80 log\n"]
    lines = table(columns).splitlines()
    assert [line.split() for line in lines] == [
        ["9000", "4800", "app.App()"],
        ["100", "60", "80", "log"],
        ["9100", "4860", "80", "in", "all"],
    ]
