"""What an antivirus program may have taken: files that were installed and are gone, emptied or closed to us.

Some programs take any VBA that runs a command for an attack, and have taken xlwings' files from many computers
(xlwings issue 2555): the add-in, or the macros and DLLs from which it is built and through which formulas go.
"""

from __future__ import annotations

import csv
from pathlib import Path

from xlprofit.excel.addin.machine import (
    ADDIN,
    Machine,
    choose_interpreter_key,
    find_settings_file,
    find_start_folder,
)
from xlprofit.excel.addin.settings import read_settings

SUSPECTED = frozenset((".xlam", ".xlsm", ".bas", ".cls", ".dll"))
"""The endings of the files that antivirus programs take."""


def list_quarantined_files(machine: Machine) -> tuple[Path, ...]:
    """Return the files that should be there and cannot be read: of the installed xlwings, and the add-in itself.

    xlwings' own list of what was installed says what should be there; the settings that ``addin install`` left say
    that the add-in was.
    """
    recorded = machine.package.parent / f"xlwings-{machine.version}.dist-info" / "RECORD"
    wanted = [path for path in _list_recorded_files(recorded) if path.suffix.casefold() in SUSPECTED]
    if machine.has_excel and _was_installed(machine):
        wanted.append(find_start_folder(machine) / ADDIN)
    return tuple(path for path in wanted if not _can_be_read(path))


def _list_recorded_files(record: Path) -> list[Path]:
    try:
        lines = record.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    return [record.parent.parent / row[0] for row in csv.reader(lines) if row]


def _was_installed(machine: Machine) -> bool:
    return choose_interpreter_key(machine) in read_settings(find_settings_file(machine))


def _can_be_read(path: Path) -> bool:
    """Whether a file has content that may be read: a quarantine removes, empties or locks it."""
    try:
        with path.open("rb") as file:
            return bool(file.read(1))
    except OSError:
        return False
