"""What may keep the add-in from working, looked for one by one, each with its mend."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from xlprofit.excel.addin.built import Built, read_built
from xlprofit.excel.addin.machine import (
    ADDIN,
    MAC,
    WINDOWS,
    Machine,
    interpreter_key,
    script_folder,
    script_name,
    settings_file,
    start_folder,
)
from xlprofit.excel.addin.settings import read_settings

_INSTALL = "Run xlprofit addin install, then start Excel again"
_SECONDS = 60
"""How long another Python is given to say which xlwings it has."""
_INTERNET_ZONE = 3
"""The zone of Windows from which on a file counts as downloaded; macros in it are blocked."""


@dataclass(frozen=True)
class Check:
    """One thing looked at: whether it is in order, what was found, and what to do where it is not."""

    name: str
    ok: bool
    what: str
    mend: str = ""


def status(workbook: Path | str | None = None, *, machine: Machine | None = None) -> tuple[Check, ...]:
    """Look at the installation, and at a workbook if one is given; return every check in a fixed order.

    ``workbook`` is a path, the address of a workbook on OneDrive or SharePoint, or a mere name such as
    ``Book1`` where it was never saved.
    """
    computer = machine or Machine.this()
    checks = list(_of_installation(computer)) if computer.has_excel else [_no_excel(computer)]
    if workbook is not None:
        checks += _of_workbook(str(workbook), computer)
    return tuple(checks)


def _no_excel(machine: Machine) -> Check:
    return Check(
        "Excel",
        False,
        f"There is no Excel for this platform ({machine.platform})",
        "Use the commands that need none, such as xlprofit refresh book.xlsx",
    )


def _of_installation(machine: Machine) -> Iterator[Check]:
    path = start_folder(machine) / ADDIN
    if not path.is_file():
        yield Check("Add-in", False, f"{ADDIN} is not in {path.parent}", _INSTALL)
        return
    addin = read_built(path)
    if addin is None:
        yield Check("Add-in", False, f"{path} is damaged, or no add-in of xlprofit", _INSTALL)
        return
    yield Check("Add-in", True, f"Installed at {path}")
    yield _check_blocked("Add-in not blocked", path, "its macros")
    interpreter = _interpreter(addin, machine)
    python = _check_interpreter(interpreter, machine)
    yield python
    if python.ok:
        yield _check_version(addin, interpreter, machine)
    if machine.platform == WINDOWS:
        yield from _check_libraries(addin, interpreter, machine)
    if machine.platform == MAC:
        yield _check_script(machine)


def _interpreter(addin: Built, machine: Machine) -> str:
    """Return the Python that Excel calls, as xlwings finds it: the add-in's sheet, else the user's file."""
    key = interpreter_key(machine)
    settings = read_settings(settings_file(machine, addin.project))
    return addin.settings.get(key) or settings.get(key, "")


def _check_interpreter(interpreter: str, machine: Machine) -> Check:
    name = "Python"
    if not interpreter:
        return Check(name, False, "No Python is named for Excel to call", _INSTALL)
    if "WindowsApps" in PurePath(interpreter.replace("\\", "/")).parts:
        return Check(
            name,
            False,
            f"{interpreter} is the Python of the Microsoft Store, whose folders Excel may not look into",
            "Install Python from python.org (or with uv), then xlprofit in it, and run xlprofit addin install",
        )
    if not Path(interpreter).is_file():
        return Check(name, False, f"{interpreter} is gone", _INSTALL)
    return Check(name, True, f"Excel calls {interpreter}")


def _check_version(addin: Built, interpreter: str, machine: Machine) -> Check:
    name = "xlwings version"
    found = machine.version if Path(interpreter) == machine.interpreter else _version_of(interpreter)
    if not found:
        return Check(
            name,
            False,
            f"{interpreter} has no xlprofit with its xlwings",
            f'Run "{interpreter}" -m pip install xlprofit, or xlprofit addin install from the Python that has it',
        )
    if found != addin.version:
        what = f"The add-in was built for xlwings {addin.version}, but Python has {found}"
        return Check(name, False, what, _INSTALL)
    return Check(name, True, f"Add-in and Python both have xlwings {found}")


def _version_of(interpreter: str) -> str:
    """Return the version of xlwings beside the xlprofit of another Python; empty where there is none."""
    question = (
        "import importlib.metadata as m, importlib.util as u;"
        "print(m.version('xlwings') if u.find_spec('xlprofit') else '')"
    )
    try:
        answer = subprocess.run(
            [interpreter, "-c", question], capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""


def _check_libraries(addin: Built, interpreter: str, machine: Machine) -> Iterator[Check]:
    """Check the DLL through which formulas reach Python: beside it, or one folder up, as xlwings looks."""
    folder = Path(interpreter).parent
    for bits, library in sorted(addin.libraries.items(), reverse=True):
        if machine.excel_bits not in (None, bits):
            continue
        name = f"DLL for {bits}-bit Excel"
        found = next((f / library for f in (folder, folder.parent) if (f / library).is_file()), None)
        if found:
            yield Check(name, True, f"Formulas go through {found}")
        else:
            yield Check(
                name,
                False,
                f"{library} is neither in {folder} nor in {folder.parent}, so every formula shows #VALUE!",
                "Install xlwings anew (pip install --force-reinstall --no-deps xlwings); "
                "an antivirus program may have taken the file",
            )


def _check_script(machine: Machine) -> Check:
    script = script_folder(machine) / script_name(machine)
    if script.is_file():
        return Check("Script of RunPython", True, f"The buttons go through {script}")
    return Check("Script of RunPython", False, f"{script} is not there, so no button works", _INSTALL)


def _check_blocked(name: str, path: Path, what: str) -> Check:
    """Check the mark that Windows puts on a downloaded file: a stream of its own beside the content."""
    try:
        mark = Path(f"{path}:Zone.Identifier").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return Check(name, True, "The file bears no mark of a download")
    zones = [line.partition("=")[2].strip() for line in mark.splitlines() if line.startswith("ZoneId")]
    if any(zone.isdigit() and int(zone) >= _INTERNET_ZONE for zone in zones):
        return Check(
            name,
            False,
            f"Windows marks {path} as downloaded, and Excel blocks {what}",
            "Right-click the file, Properties, Unblock",
        )
    return Check(name, True, "The file bears no mark of a download")


def _of_workbook(workbook: str, machine: Machine) -> Iterator[Check]:
    if "://" in workbook:
        yield _on_onedrive(workbook)
        return
    path = Path(workbook)
    if not path.is_file():
        yield _unsaved(workbook)
        return
    yield Check("Workbook saved", True, f"{path} is a file")
    cloud = _cloud_folder(path, machine)
    if cloud:
        yield _on_onedrive(str(path))
    else:
        yield Check("Workbook on this computer", True, "The workbook is in no OneDrive or SharePoint folder")
    yield _check_blocked("Workbook not blocked", path, "it in Protected View, where no button works")


def _unsaved(workbook: str) -> Check:
    if not PurePath(workbook.replace("\\", "/")).suffix:
        return Check(
            "Workbook saved",
            False,
            f"{workbook} was never saved",
            "Save it as an .xlsx file: until then nothing can be read back from disk",
        )
    return Check("Workbook saved", False, f"There is no file {workbook}", "Look at its name and folder")


def _on_onedrive(workbook: str) -> Check:
    return Check(
        "Workbook on this computer",
        False,
        f"{workbook} is on OneDrive or SharePoint, whose address Excel reports instead of a file",
        "Buttons and formulas work there; for the commands outside Excel, close it in Excel and wait until it "
        "is synchronised, or save a copy in a folder of this computer",
    )


def _cloud_folder(path: Path, machine: Machine) -> str:
    """Return the synchronised folder that a workbook is in; empty where it is in none."""
    folders = [machine.environ.get(k, "") for k in ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")]
    folders.append(str(machine.home / "Library" / "CloudStorage"))
    return next((f for f in folders if f and path.absolute().is_relative_to(f)), "")
