"""What may keep the add-in from working, looked for one by one, each with its fix."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from xlprofit.excel.addin.built import Built, read_built_addin
from xlprofit.excel.addin.machine import (
    ADDIN,
    MAC,
    WINDOWS,
    Machine,
    build_script_name,
    choose_interpreter_key,
    find_script_folder,
    find_settings_file,
    find_start_folder,
)
from xlprofit.excel.addin.quarantine import list_quarantined_files
from xlprofit.excel.addin.settings import read_settings
from xlprofit.words.speech import N_, _, _n

_INSTALL = N_("Run xlprofit addin install, then start Excel again")
_UNMARKED = N_("The file bears no mark of a download")
_SECONDS = 60
"""How long another Python is given to say which xlwings it has."""
_INTERNET_ZONE = 3
"""The zone of Windows from which on a file counts as downloaded; macros in it are blocked."""


@dataclass(frozen=True)
class AddinCheck:
    """One thing looked at: whether it is in order, what was found, and what to do where it is not."""

    name: str
    ok: bool
    what: str
    fix: str = ""


def check_excel_setup(
    workbook: Path | str | None = None, *, machine: Machine | None = None
) -> tuple[AddinCheck, ...]:
    """Look at the installation, and at a workbook if one is given; return every check in a fixed order.

    ``workbook`` is a path, the address of a workbook on OneDrive or SharePoint, or a mere name such as
    ``Book1`` where it was never saved.
    """
    computer = machine or Machine.this()
    checks = (
        list(_check_addin_installation(computer)) if computer.has_excel else [_report_missing_excel(computer)]
    )
    if workbook is not None:
        checks += _check_workbook_place(str(workbook), computer)
    return tuple(checks)


def _report_missing_excel(machine: Machine) -> AddinCheck:
    return AddinCheck(
        "Excel",
        False,
        _("There is no Excel for this platform ({platform})", platform=machine.platform),
        _("Use the commands that need none, such as xlprofit refresh book.xlsx"),
    )


def _check_addin_installation(machine: Machine) -> Iterator[AddinCheck]:
    path = find_start_folder(machine) / ADDIN
    if not path.is_file():
        what = _("{name} is not in {folder}", name=ADDIN, folder=path.parent)
        yield AddinCheck(_("Add-in"), False, what, _(_INSTALL))
        yield _check_quarantine(machine)
        return
    addin = read_built_addin(path)
    if addin is None:
        what = _("{path} is damaged, or no add-in of xlprofit", path=path)
        yield AddinCheck(_("Add-in"), False, what, _(_INSTALL))
        yield _check_quarantine(machine)
        return
    yield AddinCheck(_("Add-in"), True, _("Installed at {path}", path=path))
    yield _check_download_mark(_("Add-in not blocked"), path, _("its macros"))
    interpreter = _find_addin_interpreter(addin, machine)
    python = _check_interpreter(interpreter, machine)
    yield python
    if python.ok:
        yield _check_version(addin, interpreter, machine)
    if machine.platform == WINDOWS:
        yield from _check_libraries(addin, interpreter, machine)
    if machine.platform == MAC:
        yield _check_script(machine)
    yield _check_quarantine(machine)


def _find_addin_interpreter(addin: Built, machine: Machine) -> str:
    """Return the Python that Excel calls, as xlwings finds it: the add-in's sheet, else the user's file."""
    key = choose_interpreter_key(machine)
    settings = read_settings(find_settings_file(machine, addin.project))
    return addin.settings.get(key) or settings.get(key, "")


def _check_interpreter(interpreter: str, machine: Machine) -> AddinCheck:
    name = "Python"
    if not interpreter:
        return AddinCheck(name, False, _("No Python is named for Excel to call"), _(_INSTALL))
    if "WindowsApps" in PurePath(interpreter.replace("\\", "/")).parts:
        return AddinCheck(
            name,
            False,
            _(
                "{path} is the Python of the Microsoft Store, whose folders Excel may not look into",
                path=interpreter,
            ),
            _(
                "Install Python from python.org (or with uv), then xlprofit in it, and run xlprofit addin install"
            ),
        )
    if not Path(interpreter).is_file():
        return AddinCheck(name, False, _("{path} is gone", path=interpreter), _(_INSTALL))
    return AddinCheck(name, True, _("Excel calls {path}", path=interpreter))


def _check_version(addin: Built, interpreter: str, machine: Machine) -> AddinCheck:
    name = _("xlwings version")
    found = (
        machine.version if Path(interpreter) == machine.interpreter else _read_xlwings_version(interpreter)
    )
    if not found:
        return AddinCheck(
            name,
            False,
            _("{path} has no xlprofit with its xlwings", path=interpreter),
            _(
                'Run "{path}" -m pip install xlprofit, or xlprofit addin install from the Python that has it',
                path=interpreter,
            ),
        )
    if found != addin.version:
        what = _(
            "The add-in was built for xlwings {version}, but Python has {other}",
            version=addin.version,
            other=found,
        )
        return AddinCheck(name, False, what, _(_INSTALL))
    return AddinCheck(name, True, _("Add-in and Python both have xlwings {version}", version=found))


def _read_xlwings_version(interpreter: str) -> str:
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


def _check_libraries(addin: Built, interpreter: str, machine: Machine) -> Iterator[AddinCheck]:
    """Check the DLL through which formulas reach Python: beside it, or one folder up, as xlwings looks."""
    folder = Path(interpreter).parent
    for bits, library in sorted(addin.libraries.items(), reverse=True):
        if machine.excel_bits not in (None, bits):
            continue
        name = _("DLL for {bits}-bit Excel", bits=bits)
        found = next((f / library for f in (folder, folder.parent) if (f / library).is_file()), None)
        if found:
            yield AddinCheck(name, True, _("Formulas go through {path}", path=found))
        else:
            yield AddinCheck(
                name,
                False,
                _(
                    "{name} is neither in {folder} nor in {other}, so every formula shows #VALUE!",
                    name=library,
                    folder=folder,
                    other=folder.parent,
                ),
                _(
                    "Install xlwings anew (pip install --force-reinstall --no-deps xlwings); "
                    "an antivirus program may have taken the file"
                ),
            )


def _check_script(machine: Machine) -> AddinCheck:
    script = find_script_folder(machine) / build_script_name(machine)
    if script.is_file():
        return AddinCheck(_("Script of RunPython"), True, _("The buttons go through {path}", path=script))
    what = _("{path} is not there, so no button works", path=script)
    return AddinCheck(_("Script of RunPython"), False, what, _(_INSTALL))


def _check_quarantine(machine: Machine) -> AddinCheck:
    """Check that nothing was taken away that was installed, which antivirus programs do."""
    name = _("Antivirus")
    taken = list_quarantined_files(machine)
    if not taken:
        return AddinCheck(name, True, _("No file of xlprofit or xlwings was taken away"))
    what = _n(
        "{path} was installed and cannot be read: an antivirus program has probably quarantined it",
        "{n} files were installed and cannot be read, such as {path}: an antivirus program has probably "
        "quarantined them",
        len(taken),
        path=taken[0],
    )
    return AddinCheck(
        name,
        False,
        what,
        _(
            "Restore them in the antivirus program (Windows Security: Protection history), and have it, or your IT "
            "department, allow {package}, {start} and {python}; then run xlprofit addin install",
            package=machine.package,
            start=find_start_folder(machine) / ADDIN,
            python=machine.interpreter.parent,
        ),
    )


def _check_download_mark(name: str, path: Path, what: str) -> AddinCheck:
    """Check the mark that Windows puts on a downloaded file: a stream of its own beside the content."""
    try:
        mark = Path(f"{path}:Zone.Identifier").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return AddinCheck(name, True, _(_UNMARKED))
    zones = [line.partition("=")[2].strip() for line in mark.splitlines() if line.startswith("ZoneId")]
    if any(zone.isdigit() and int(zone) >= _INTERNET_ZONE for zone in zones):
        return AddinCheck(
            name,
            False,
            _("Windows marks {path} as downloaded, and Excel blocks {what}", path=path, what=what),
            _("Right-click the file, Properties, Unblock"),
        )
    return AddinCheck(name, True, _(_UNMARKED))


def _check_workbook_place(workbook: str, machine: Machine) -> Iterator[AddinCheck]:
    if "://" in workbook:
        yield _report_onedrive_workbook(workbook)
        return
    path = Path(workbook)
    if not path.is_file():
        yield _report_unsaved_workbook(workbook)
        return
    yield AddinCheck(_("Workbook saved"), True, _("{path} is a file", path=path))
    cloud = _find_cloud_folder(path, machine)
    if cloud:
        yield _report_onedrive_workbook(str(path))
    else:
        yield AddinCheck(
            _("Workbook on this computer"), True, _("The workbook is in no OneDrive or SharePoint folder")
        )
    yield _check_download_mark(
        _("Workbook not blocked"), path, _("it in Protected View, where no button works")
    )


def _report_unsaved_workbook(workbook: str) -> AddinCheck:
    if not PurePath(workbook.replace("\\", "/")).suffix:
        return AddinCheck(
            _("Workbook saved"),
            False,
            _("{path} was never saved", path=workbook),
            _("Save it as an .xlsx file: until then nothing can be read back from disk"),
        )
    return AddinCheck(
        _("Workbook saved"),
        False,
        _("There is no file {path}", path=workbook),
        _("Check the name and the folder"),
    )


def _report_onedrive_workbook(workbook: str) -> AddinCheck:
    return AddinCheck(
        _("Workbook on this computer"),
        False,
        _(
            "{path} is on OneDrive or SharePoint, whose address Excel reports instead of a file",
            path=workbook,
        ),
        _(
            "Buttons and formulas work there; for the commands outside Excel, close it in Excel and wait until it "
            "is synchronised, or save a copy in a folder of this computer"
        ),
    )


def _find_cloud_folder(path: Path, machine: Machine) -> str:
    """Return the synchronised folder that a workbook is in; empty where it is in none."""
    folders = [machine.environ.get(k, "") for k in ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")]
    folders.append(str(machine.home / "Library" / "CloudStorage"))
    return next((f for f in folders if f and path.absolute().is_relative_to(f)), "")
