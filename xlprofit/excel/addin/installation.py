"""Putting the add-in where Excel starts it from, and taking it away again."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from xlprofit.errors import FileError
from xlprofit.excel.addin.machine import (
    ADDIN,
    MAC,
    MINIMAL_PROJECT,
    PROJECT,
    Machine,
    build_script_name,
    choose_interpreter_key,
    find_script_folder,
    find_settings_file,
    find_start_folder,
)
from xlprofit.excel.addin.package import build_addin, build_interpreter_setting
from xlprofit.excel.addin.settings import write_settings
from xlprofit.words.speech import _


@dataclass(frozen=True)
class Installed:
    """What an installation left: the add-in, the settings, and on a Mac the script of RunPython."""

    addin: Path
    settings: Path
    script: Path | None = None


def install_excel_addin(*, minimal: bool = False, machine: Machine | None = None) -> Installed:
    """Build the add-in into Excel's start folder and say which Python it is to call.

    The settings go into a file of xlprofit's own, not xlwings' (``~/.xlwings``), so that other add-ins
    keep theirs; other keys in the file stay. Excel shows the tab when it is started the next time.

    Raises:
        XlprofitError: there is no Excel for the platform.
        FileError: Excel has the add-in open, or a file cannot be written.
    """
    computer = machine or Machine.this()
    addin = build_addin(find_start_folder(computer) / ADDIN, minimal=minimal, machine=computer, settings={})
    settings = find_settings_file(computer, MINIMAL_PROJECT if minimal else PROJECT)
    try:
        write_settings(settings, build_interpreter_setting(computer))
        script = _add_script(computer) if computer.platform == MAC else None
    except OSError as error:
        raise _build_unwritable_error(error) from error
    return Installed(addin, settings, script)


def uninstall_excel_addin(*, machine: Machine | None = None) -> tuple[Path, ...]:
    """Remove the add-in and its settings; return the files that were removed or changed.

    What other add-ins use stays: xlwings' own settings, and on a Mac the script of RunPython.

    Raises:
        XlprofitError: there is no Excel for the platform.
        FileError: Excel has the add-in open.
    """
    computer = machine or Machine.this()
    addin = find_start_folder(computer) / ADDIN
    settings = [find_settings_file(computer, project) for project in (PROJECT, MINIMAL_PROJECT)]
    there = tuple(path for path in (addin, *settings) if path.exists())
    try:
        addin.unlink(missing_ok=True)
        for path in settings:
            if path in there:
                write_settings(path, {choose_interpreter_key(computer): None})
    except OSError as error:
        raise _build_unwritable_error(error) from error
    return there


def _add_script(machine: Machine) -> Path:
    folder = find_script_folder(machine)
    folder.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(machine.package / build_script_name(machine), folder))


def _build_unwritable_error(error: OSError) -> FileError:
    return FileError(
        _("{path} cannot be changed ({reason})", path=error.filename, reason=error.strerror or error),
        _("Quit Excel, look whether the file may be written, and run the command again"),
    )
