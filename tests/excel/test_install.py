"""Installing the add-in, and finding what ails it, on computers made of a folder."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import xlwings

from xlprofit.errors import FileError, XlprofitError
from xlprofit.excel.addin import (
    AddinCheck,
    Installed,
    build_addin,
    check_excel_setup,
    install_excel_addin,
    uninstall_excel_addin,
)
from xlprofit.excel.addin.built import read_built_addin
from xlprofit.excel.addin.machine import Machine, find_settings_file, find_start_folder
from xlprofit.excel.addin.settings import edit_settings_text, read_settings, write_settings

Make = Callable[..., Machine]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Return a maker of computers whose home, Python and DLLs are in a folder of the test's."""

    def computer(platform: str = "win32", **changes: object) -> Machine:
        here = Machine.this()
        home = tmp_path / "home"
        scripts = tmp_path / "python" / "Scripts"
        scripts.mkdir(parents=True, exist_ok=True)
        interpreter = scripts / "python.exe"
        interpreter.touch()
        for bits in (32, 64):
            (scripts.parent / f"xlwings{bits}-{here.version}.dll").touch()
        environ = {"APPDATA": str(home / "AppData" / "Roaming")}
        made = Machine(platform, home, environ, interpreter, here.package, here.version)
        return replace(made, **changes)  # type: ignore[arg-type]

    return computer


def _named(checks: tuple[AddinCheck, ...]) -> dict[str, AddinCheck]:
    assert len({check.name for check in checks}) == len(checks)
    for check in checks:
        assert check.what
        assert check.ok or check.fix, check
        assert "\n" not in check.what + check.fix
    return {check.name: check for check in checks}


def _wrong(checks: tuple[AddinCheck, ...]) -> list[str]:
    return [name for name, check in _named(checks).items() if not check.ok]


# Installing -------------------------------------------------------------------------------------------


def test_on_windows_it_goes_where_excel_starts_add_ins_from(make: Make) -> None:
    machine = make()
    installed = install_excel_addin(machine=machine)
    assert installed == Installed(
        machine.home / "AppData/Roaming/Microsoft/Excel/XLSTART/xlprofit.xlam",
        machine.home / ".xlprofit/xlprofit.conf",
    )
    assert installed.settings.read_text() == f'"INTERPRETER_WIN","{machine.interpreter}"\n'
    built = read_built_addin(installed.addin)
    assert built is not None
    assert "INTERPRETER_WIN" not in built.settings  # the file alone says it, so that it can be changed there


def test_without_appdata_the_usual_folder_is_taken(make: Make) -> None:
    machine = make(environ={})
    assert find_start_folder(machine) == machine.home / "AppData/Roaming/Microsoft/Excel/XLSTART"


def test_on_a_mac_it_brings_what_runpython_needs(make: Make) -> None:
    machine = make("darwin")
    installed = install_excel_addin(machine=machine)
    library = machine.home / "Library"
    office = library / "Group Containers/UBF8T346G9.Office"
    start = office / "User Content.localized/Startup.localized/Excel"
    assert installed.addin == start / "xlprofit.xlam"
    assert installed.settings == library / "Containers/com.microsoft.Excel/Data/xlprofit.conf"
    assert read_settings(installed.settings) == {"INTERPRETER_MAC": str(machine.interpreter)}
    script = library / f"Application Scripts/com.microsoft.Excel/xlwings-{machine.version}.applescript"
    assert installed.script == script
    assert script.read_bytes() == (machine.package / script.name).read_bytes()


def test_on_linux_it_says_where_to_go(make: Make) -> None:
    machine = make("linux")
    for step in (install_excel_addin, uninstall_excel_addin):
        with pytest.raises(XlprofitError) as raised:
            step(machine=machine)
        assert "no Excel" in raised.value.what
        assert "xlprofit refresh book.xlsx" in raised.value.fix
    assert not machine.home.exists()


def test_the_minimal_add_in_has_its_settings_under_its_own_name(make: Make) -> None:
    machine = make()
    installed = install_excel_addin(minimal=True, machine=machine)
    assert installed.settings == machine.home / ".myaddin/myaddin.conf"
    built = read_built_addin(installed.addin)
    assert built is not None
    assert built.project == "myaddin"
    assert _wrong(check_excel_setup(machine=machine)) == []


def test_installing_twice_changes_nothing_and_keeps_the_users_keys(make: Make) -> None:
    machine = make()
    path = find_settings_file(machine)
    path.parent.mkdir(parents=True)
    path.write_text(
        '"SHOW CONSOLE","True"\n"interpreter_win","C:\\old\\python.exe"\n"PYTHONPATH","D:\\tools"\n'
    )
    first = install_excel_addin(machine=machine)
    kept = (first.addin.read_bytes(), path.read_bytes())
    assert path.read_text() == (
        f'"SHOW CONSOLE","True"\n"PYTHONPATH","D:\\tools"\n"INTERPRETER_WIN","{machine.interpreter}"\n'
    )
    assert install_excel_addin(machine=machine) == first
    assert (first.addin.read_bytes(), path.read_bytes()) == kept


def test_xlwings_own_settings_are_left_alone(make: Make) -> None:
    machine = make()
    own = machine.home / ".xlwings" / "xlwings.conf"
    own.parent.mkdir(parents=True)
    own.write_text('"INTERPRETER_WIN","C:\\other\\python.exe"\n')
    install_excel_addin(machine=machine)
    uninstall_excel_addin(machine=machine)
    assert own.read_text() == '"INTERPRETER_WIN","C:\\other\\python.exe"\n'


def test_uninstalling_leaves_nothing_of_ours(make: Make) -> None:
    machine = make()
    installed = install_excel_addin(machine=machine)
    assert uninstall_excel_addin(machine=machine) == (installed.addin, installed.settings)
    assert not installed.addin.exists()
    assert not installed.settings.exists()
    assert uninstall_excel_addin(machine=machine) == ()


def test_uninstalling_keeps_the_users_keys(make: Make) -> None:
    machine = make()
    path = find_settings_file(machine)
    path.parent.mkdir(parents=True)
    path.write_text('"SHOW CONSOLE","True"\n')
    install_excel_addin(machine=machine)
    uninstall_excel_addin(machine=machine)
    assert path.read_text() == '"SHOW CONSOLE","True"\n'


@pytest.mark.parametrize("step", [install_excel_addin, uninstall_excel_addin])
def test_an_add_in_that_excel_holds_is_one_clear_line(
    make: Make, monkeypatch: pytest.MonkeyPatch, step: Callable[..., object]
) -> None:
    machine = make()
    install_excel_addin(machine=machine)

    def held(path: Path, target: Path | None = None, **_: object) -> None:
        if (target or path).suffix == ".xlam":
            raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "replace", held)  # neither may the file be replaced that Excel holds
    monkeypatch.setattr(Path, "unlink", held)  # nor removed
    with pytest.raises(FileError, match=r"xlprofit\.xlam c(an|ould) ?not be .*([qQ])uit Excel"):
        step(machine=machine)


# Settings ---------------------------------------------------------------------------------------------


def test_settings_that_are_no_settings_stay_as_they_are(tmp_path: Path) -> None:
    text = 'a note of the user\n"TWO","WORDS","HERE"\n"KEY","old"\n'
    assert (
        edit_settings_text(text, {"KEY": "new"}) == 'a note of the user\n"TWO","WORDS","HERE"\n"KEY","new"\n'
    )
    assert edit_settings_text(text, {"key": None}) == 'a note of the user\n"TWO","WORDS","HERE"\n'


def test_xlwings_reads_the_file_that_we_write(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = make()
    installed = install_excel_addin(machine=machine)
    monkeypatch.setattr(xlwings, "USER_CONFIG_FILE", str(installed.settings))
    read_user_config: Any = xlwings.utils.read_user_config
    assert read_user_config() == {"interpreter_win": str(machine.interpreter)}


def test_settings_are_read_whatever_their_case_and_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "xlprofit.conf"
    path.write_bytes(b'"Interpreter_Win","C:\\py\\python.exe"\r\n\r\nbroken\r\n"EMPTY",""\r\n')
    assert read_settings(path) == {"INTERPRETER_WIN": "C:\\py\\python.exe", "EMPTY": ""}
    assert read_settings(tmp_path / "none.conf") == {}


def test_a_folder_that_macros_cannot_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("locale.getencoding", lambda: "cp1252")
    with pytest.raises(FileError, match=r'cannot hold "日本".*plain letters'):
        write_settings(tmp_path / "x.conf", {"INTERPRETER_WIN": "C:\\日本\\python.exe"})
    write_settings(tmp_path / "x.conf", {"INTERPRETER_WIN": "C:\\Jürgen\\python.exe"})
    assert (tmp_path / "x.conf").read_bytes() == '"INTERPRETER_WIN","C:\\Jürgen\\python.exe"\n'.encode(
        "cp1252"
    )


# Status -----------------------------------------------------------------------------------------------


def test_a_sound_installation_has_nothing_wrong(make: Make) -> None:
    for platform in ("win32", "darwin"):
        machine = make(platform)
        install_excel_addin(machine=machine)
        assert _wrong(check_excel_setup(machine=machine)) == []


def test_checks_come_in_a_fixed_order(make: Make) -> None:
    machine = make()
    install_excel_addin(machine=machine)
    assert [check.name for check in check_excel_setup(machine=machine)] == [
        "Add-in",
        "Add-in not blocked",
        "Python",
        "xlwings version",
        "DLL for 64-bit Excel",
        "DLL for 32-bit Excel",
        "Antivirus",
    ]


def test_linux_is_told_what_it_can_do(make: Make) -> None:
    (check,) = check_excel_setup(machine=make("linux"))
    assert not check.ok
    assert "xlprofit refresh" in check.fix


def test_an_add_in_that_is_not_there_or_damaged(make: Make) -> None:
    machine = make()
    assert _wrong(check_excel_setup(machine=machine)) == ["Add-in"]
    path = install_excel_addin(machine=machine).addin
    for content in (b"no zip at all", path.read_bytes()[:5000]):
        path.write_bytes(content)
        assert _wrong(check_excel_setup(machine=machine)) == ["Add-in"]
    assert "damaged" in check_excel_setup(machine=machine)[0].what


def test_an_add_in_that_was_installed_and_taken_away(make: Make) -> None:
    machine = make()
    path = install_excel_addin(machine=machine).addin
    path.unlink()
    assert _wrong(check_excel_setup(machine=machine)) == ["Add-in", "Antivirus"]
    check = _named(check_excel_setup(machine=machine))["Antivirus"]
    assert check.what.startswith(f"{path} was installed") and "antivirus" in check.what
    for allowed in (path, machine.package, machine.interpreter.parent):
        assert str(allowed) in check.fix
    path.write_bytes(b"")
    assert "Antivirus" in _wrong(check_excel_setup(machine=machine))


def test_one_that_was_taken_out_by_its_own_command_was_not_taken_away(make: Make) -> None:
    machine = make()
    install_excel_addin(machine=machine)
    uninstall_excel_addin(machine=machine)
    assert _wrong(check_excel_setup(machine=machine)) == ["Add-in"]


def test_files_of_xlwings_that_were_taken_away(make: Make, tmp_path: Path) -> None:
    here = Machine.this()
    record = here.package.parent / f"xlwings-{here.version}.dist-info" / "RECORD"
    site = tmp_path / "site"
    shutil.copytree(here.package, site / "xlwings", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (site / record.parent.name).mkdir()
    shutil.copy(record, site / record.parent.name)
    machine = make(package=site / "xlwings")
    install_excel_addin(machine=machine)
    assert _wrong(check_excel_setup(machine=machine)) == []
    (site / "xlwings/addin/xlwings.xlam").unlink()
    (site / "xlwings/xlwings_custom_addin.bas").write_bytes(b"")
    check = _named(check_excel_setup(machine=machine))["Antivirus"]
    assert check.what.startswith("2 files were installed")
    (site / "xlwings/xlwings_custom_addin.bas").unlink()
    with pytest.raises(FileError, match=r"xlwings_custom_addin\.bas of xlwings .*antivirus"):
        install_excel_addin(machine=machine)


def test_an_add_in_built_for_another_xlwings(make: Make) -> None:
    machine = make()
    install_excel_addin(machine=machine)
    newer = replace(machine, version="0.99.0")
    check = _named(check_excel_setup(machine=newer))["xlwings version"]
    assert not check.ok
    assert f"xlwings {machine.version}, but Python has 0.99.0" in check.what
    assert "xlprofit addin install" in check.fix


def test_another_python_is_asked_for_its_own_xlwings(make: Make) -> None:
    machine = make()
    install_excel_addin(machine=replace(machine, interpreter=Path(sys.executable)))
    check = _named(check_excel_setup(machine=machine))["xlwings version"]
    assert check.ok
    assert machine.version in check.what


def test_a_python_without_xlprofit(make: Make, tmp_path: Path) -> None:
    machine = make()
    bare = tmp_path / "bare.sh"
    bare.write_text("#!/bin/sh\necho\n")
    bare.chmod(0o755)
    install_excel_addin(machine=replace(machine, interpreter=bare))
    check = _named(check_excel_setup(machine=machine))["xlwings version"]
    assert not check.ok
    assert "pip install xlprofit" in check.fix


def test_a_python_that_is_gone(make: Make) -> None:
    machine = make()
    install_excel_addin(machine=machine)
    machine.interpreter.unlink()
    check = _named(check_excel_setup(machine=machine))["Python"]
    assert (check.ok, check.what) == (False, f"{machine.interpreter} is gone")


def test_no_python_is_named(make: Make) -> None:
    machine = make()
    install_excel_addin(machine=machine)
    find_settings_file(machine).unlink()
    assert "No Python" in _named(check_excel_setup(machine=machine))["Python"].what


def test_the_python_of_the_store(make: Make) -> None:
    machine = make()
    install_excel_addin(machine=machine)
    store = (
        r"C:\Users\me\AppData\Local\Microsoft\WindowsApps\PythonSoftwareFoundation.Python.3.11_q\python.exe"
    )
    write_settings(find_settings_file(machine), {"INTERPRETER_WIN": store})
    check = _named(check_excel_setup(machine=machine))["Python"]
    assert not check.ok
    assert "Microsoft Store" in check.what
    assert "python.org" in check.fix


def test_a_python_named_in_the_add_in_itself_comes_first(make: Make) -> None:
    machine = make()
    install_excel_addin(machine=machine)
    gone = replace(machine, interpreter=Path("/gone/python.exe"))
    build_addin(find_start_folder(machine), machine=gone)
    assert str(Path("/gone/python.exe")) in _named(check_excel_setup(machine=machine))["Python"].what


@pytest.mark.parametrize(
    ("bits", "wrong"), [(64, []), (32, ["DLL for 32-bit Excel"]), (None, ["DLL for 32-bit Excel"])]
)
def test_a_dll_that_is_gone_matters_to_the_excel_that_needs_it(
    make: Make, bits: int | None, wrong: list[str]
) -> None:
    machine = make(excel_bits=bits)
    install_excel_addin(machine=machine)
    (machine.interpreter.parent.parent / f"xlwings32-{machine.version}.dll").unlink()
    checks = check_excel_setup(machine=machine)
    assert _wrong(checks) == wrong
    assert len([check for check in checks if check.name.startswith("DLL")]) == (2 if bits is None else 1)


def test_a_dll_beside_python_is_found_too(make: Make) -> None:
    machine = make(excel_bits=64)
    install_excel_addin(machine=machine)
    name = f"xlwings64-{machine.version}.dll"
    (machine.interpreter.parent.parent / name).rename(machine.interpreter.parent / name)
    assert _wrong(check_excel_setup(machine=machine)) == []


def test_a_script_of_another_version_on_a_mac(make: Make) -> None:
    machine = make("darwin")
    installed = install_excel_addin(machine=machine)
    assert installed.script is not None
    installed.script.rename(installed.script.with_name("xlwings-0.30.0.applescript"))
    assert _wrong(check_excel_setup(machine=machine)) == ["Script of RunPython"]


@pytest.mark.parametrize(
    ("mark", "ok"),
    [
        ("[ZoneTransfer]\r\nZoneId=3\r\nHostUrl=https://example.com/x\r\n", False),
        ("[ZoneTransfer]\r\nZoneId=4\r\n", False),
        ("[ZoneTransfer]\r\nZoneId=1\r\n", True),
        ("", True),
    ],
)
def test_a_file_that_windows_marks_as_downloaded(make: Make, mark: str, ok: bool) -> None:
    machine = make()
    path = install_excel_addin(machine=machine).addin
    Path(f"{path}:Zone.Identifier").write_text(mark)
    check = _named(check_excel_setup(machine=machine))["Add-in not blocked"]
    assert check.ok is ok
    assert ok or "Unblock" in check.fix


# The workbook -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "https://firm-my.sharepoint.com/personal/me/Documents/book.xlsx",
        "https://d.docs.live.net/1234/book.xlsx",
    ],
)
def test_a_workbook_at_an_address(make: Make, address: str) -> None:
    (check,) = check_excel_setup(address, machine=make("linux"))[1:]
    assert not check.ok
    assert address in check.what


def test_a_workbook_in_a_synchronised_folder(make: Make, tmp_path: Path) -> None:
    folder = tmp_path / "OneDrive - Firm"
    folder.mkdir()
    (folder / "book.xlsx").touch()
    for name in ("OneDrive", "OneDriveCommercial", "OneDriveConsumer"):
        machine = make("linux", environ={name: str(folder)})
        assert len(_wrong(check_excel_setup(folder / "book.xlsx", machine=machine)[1:])) == 1
    assert _wrong(check_excel_setup(folder / "book.xlsx", machine=make("linux"))[1:]) == []


def test_a_workbook_in_a_macs_cloud_folder(make: Make) -> None:
    machine = make("darwin")
    folder = machine.home / "Library" / "CloudStorage" / "OneDrive-Firm"
    folder.mkdir(parents=True)
    (folder / "book.xlsx").touch()
    assert any(
        "Workbook" in name for name in _wrong(check_excel_setup(folder / "book.xlsx", machine=machine))
    )


def test_a_workbook_never_saved(make: Make, tmp_path: Path) -> None:
    (check,) = check_excel_setup("Book1", machine=make("linux"))[1:]
    assert (check.ok, check.what) == (False, "Book1 was never saved")
    (check,) = check_excel_setup(tmp_path / "none.xlsx", machine=make("linux"))[1:]
    assert not check.ok
    assert str(tmp_path / "none.xlsx") in check.what


def test_a_downloaded_workbook_opens_in_protected_view(make: Make, tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    book.touch()
    Path(f"{book}:Zone.Identifier").write_text("ZoneId=3\n")
    assert _wrong(check_excel_setup(book, machine=make("linux"))[1:]) == ["Workbook not blocked"]


def test_this_computer_can_be_looked_at() -> None:
    assert check_excel_setup()
    machine = Machine.this()
    assert machine.interpreter == Path(sys.executable)
    assert (machine.package / "xlwings_custom_addin.bas").is_file()
