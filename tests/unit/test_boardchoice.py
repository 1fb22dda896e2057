"""The choice of the board: its file, its GPIO, the way back to the image's board, its requests."""

import json
import sys

import boardchoice
from board_list import Pins, install
from files import FilesDouble
from ondemand import visit
from test_exchange import ask, posted
from test_settings import server


def start(files):
    """A start of the chip: the board that is used, and why it is not the chosen one."""
    install()
    return boardchoice.choose(files)


def test_without_a_choice_the_images_board_is_used():
    board, reason = start(FilesDouble())
    assert (board.NAME, board.HAN_RX, reason) == ("ESP32-S2", 18, "")


def test_a_choice_is_used_and_stays_once_a_start_has_lasted():
    files = FilesDouble()
    assert boardchoice.store(files, 5, None)
    assert start(files)[0].NAME == "Pow-K+"
    boardchoice.lasted(files)
    for _ in range(9):
        board, reason = start(files)
        assert (board.NAME, board.HAN_RX, reason) == ("Pow-K+", 16, "")
    assert files.writes == 3 and files.names() == ["board.txt"]


def test_a_choice_of_which_no_start_lasts_is_given_up():
    files = FilesDouble()
    boardchoice.store(files, 5, None)
    assert [start(files)[0].NAME for _ in range(3)] == ["Pow-K+"] * 3
    for _ in range(2):
        board, reason = start(files)
        assert board.NAME == "ESP32-S2" and "none of its first 3 starts lasted" in reason
    assert boardchoice.store(files, 5, None)  # the owner tries again
    assert start(files) == (sys.modules["board_pow_k"], "")


def test_a_start_before_the_restart_does_not_prove_a_choice():
    files = FilesDouble()
    boardchoice.store(files, 5, None)
    boardchoice.lasted(files)
    assert [start(files)[0].NAME for _ in range(4)] == ["Pow-K+"] * 3 + ["ESP32-S2"]


def test_a_damaged_file_or_one_for_another_image_is_not_used():
    files = FilesDouble()
    boardchoice.store(files, 51, 21)
    good = files.data["board.txt"]
    for at in range(len(good)):
        files.data["board.txt"] = good[:at] + bytes((good[at] ^ 1,)) + good[at + 1 :]
        board, reason = start(files)
        assert board.NAME == "ESP32-S2" and board.HAN_RX == 18, at
        assert "is damaged" in reason, at
    for octets in (b"", b"51", b"\xff\xfe 1 1 1\n", good + b"\n", good[:-1]):
        files.data["board.txt"] = octets
        assert "is damaged" in start(files)[1]
    for number, pin, words in (
        (7, -1, "this image has no board 7"),
        (51, 26, "GPIO 26 cannot be the meter's line"),
        (51, 15, "another part"),
        (5, 18, "is not where the line is wired on Pow-K+"),
    ):
        files.data["board.txt"] = boardchoice._line(number, pin, 9)
        board, reason = start(files)
        assert board.NAME == "ESP32-S2" and words in reason, reason


def test_a_start_that_cannot_be_counted_uses_the_images_board():
    files = FilesDouble()
    boardchoice.store(files, 5, None)
    files.full = True
    board, reason = start(files)
    assert board.NAME == "ESP32-S2" and "flash takes no note" in reason
    files.data["board.txt"] = boardchoice._line(5, -1, 9)
    assert start(files)[0].NAME == "Pow-K+"  # nothing is to be written


def test_the_gpio_of_the_line_is_the_chosen_one():
    files = FilesDouble()
    boardchoice.store(files, 51, 33)
    board, reason = start(files)
    assert (board.NAME, board.HAN_RX, board.HAN_TX_PARKED, reason) == ("S2 mini", 33, 17, "")
    boardchoice.store(files, 51, 17)  # where the transmitter is parked
    board, _ = start(files)
    assert (board.HAN_RX, board.HAN_TX_PARKED) == (17, 18)


def test_the_gpio_in_use_can_be_stored_again():
    for number in (51, 50):
        files = FilesDouble()
        boardchoice.store(files, number, 33)
        assert start(files)[0].HAN_RX == 33
        boardchoice.lasted(files)
        before = files.data["board.txt"]
        assert boardchoice.store(files, number, 33) and files.data["board.txt"] == before
        assert boardchoice.store(files, number, 18)  # the board's own
        assert start(files)[0].HAN_RX == 18


def test_the_images_own_board_needs_no_file():
    files = FilesDouble()
    boardchoice.store(files, 5, None)
    assert boardchoice.store(files, 50, 18) and files.names() == []
    assert boardchoice.store(files, 50, 4) and start(files)[0].HAN_RX == 4
    files.full = True
    assert not boardchoice.store(files, 5, None)


S2 = {
    0: "boots", 19: "USB", 20: "USB", 22: "exist", 25: "exist", 26: "flash", 32: "flash",
    43: "console", 44: "console", 45: "boots", 46: "boots", 47: "exist", 99: "exist",
}  # fmt: skip
ESP32 = {
    0: "boots", 1: "console", 2: "boots", 3: "console", 5: "boots", 6: "flash", 11: "flash",
    12: "boots", 15: "boots", 20: "exist", 24: "exist", 28: "exist", 31: "exist", 40: "exist",
}  # fmt: skip


def test_each_gpio_that_the_chip_needs_is_refused():
    plain = Pins("any", "esp32", rx=16)
    psram = Pins("any", "esp32", psram=True)
    maybe = Pins("any", "esp32", psram=None, rx=39)
    for board, table in ((Pins("any"), S2), (plain, ESP32)):
        for pin in table:
            assert table[pin] in boardchoice.why(board, pin), (board.CHIP, pin)
    for pin in (16, 17):
        assert boardchoice.why(plain, pin) == ""
        assert "PSRAM" in boardchoice.why(psram, pin) and "PSRAM" in boardchoice.why(maybe, pin)
    assert boardchoice.pins(Pins("any")) == list(range(1, 19)) + [21] + list(range(33, 43))
    inputs = [34, 35, 36, 37, 38, 39]
    other = [4, 13, 14, 16, 17, 18, 19, 21, 22, 23, 25, 26, 27, 32, 33]
    assert boardchoice.pins(plain) == other + inputs
    assert boardchoice.pins(Pins("any", power="meter")) == []


def test_gpios_of_other_parts_are_refused():
    board = Pins("any", button=4, led=5, vcc=6, one_wire=7, rgb=(8, None, 9))
    for pin in range(4, 10):
        assert "another part" in boardchoice.why(board, pin), pin
    assert boardchoice.why(board, 10) == "" and boardchoice.why(board, 18) == ""


class Restarts(list):
    def __call__(self, cause):
        self.append(cause)


def reader():
    install()
    made = server()
    made.app.storage.data.pop("board.txt", None)
    made.app.restart = Restarts()
    return made


def save(made, body):
    status, _, answer = posted(made, "/save", body.encode())
    return status, answer


def test_the_form_of_an_ams_reader():
    made = reader()
    files, restarts = made.app.storage, made.app.restart
    # The board that is in use: nothing changes, octet for octet the AMS reader's answer.
    done = '{"success":true,"message":"","reboot":false}'
    assert save(made, "v=true&vb=50&vh=18") == (200, done) and "board.txt" not in files.names()
    again = '{"success":true,"message":"","reboot":true}'
    assert save(made, "v=true&vb=5&vh=") == (200, again) and restarts == [2]
    start(files)
    assert save(made, "v=true&vb=5&vh=21") == (200, done) and restarts == [2]
    assert save(made, "v=true&vb=51&vh=21&vr=true") == (200, again) and restarts == [2, 5]
    assert files.data["factory"] == b"settings"
    with visit("factory") as factory:
        factory.sweep(files, factory.ALL)
    assert start(files)[0].HAN_RX == 21  # kept over the reset


def test_a_form_that_cannot_be_done_changes_nothing():
    made = reader()
    for body, words in (
        ("v=true", "vb: a whole number"),
        ("v=true&vb=x", "vb: a whole number"),
        ("v=true&vb=200", "vb: this image has no board 200"),
        ("v=true&vb=50&vh=-1", "vh: a whole number"),
        ("v=true&vb=50&vh=26", "vh: GPIO 26 cannot be the meter's line: it is wired to the flash"),
        ("v=true&vb=51&vh=15", "vh: GPIO 15 cannot be the meter's line"),
    ):
        status, answer = save(made, body)
        assert status == 400 and json.loads(answer)["message"].startswith(words), answer
    assert "board.txt" not in made.app.storage.names() and made.app.restart == []


def test_the_list_of_boards():
    made = reader()
    doc = json.loads(ask(made, "GET /board.json HTTP/1.0")[2])
    assert [(b["id"], b["name"], b["gpio"]) for b in doc["boards"]] == [
        (50, "ESP32-S2", 18), (5, "Pow-K+", 16), (51, "S2 mini", 18),
    ]  # fmt: skip
    assert doc["boards"][1]["pins"] == [] and 15 not in doc["boards"][2]["pins"]
    assert (doc["board"], doc["gpio"], doc["why"]) == (50, None, "")
    save(made, "v=true&vb=51&vh=21")
    start(made.app.storage)
    doc = json.loads(ask(made, "GET /board.json HTTP/1.0")[2])
    assert (doc["board"], doc["gpio"]) == (51, 21)
    assert [b["gpio"] for b in doc["boards"]] == [18, 16, 18]
    made.app.system.board.not_chosen = "the chosen board is not used: it is damaged"
    try:
        doc = json.loads(ask(made, "GET /board.json HTTP/1.0")[2])
    finally:
        del made.app.system.board.not_chosen
    assert (doc["board"], doc["gpio"]) == (50, None) and doc["why"].endswith("is damaged")
