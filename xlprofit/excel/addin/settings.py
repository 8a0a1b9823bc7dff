"""xlwings' configuration files: lines of ``"KEY","value"``, of which only our own keys are touched."""

from __future__ import annotations

import locale
import re
from collections.abc import Mapping
from pathlib import Path

from xlprofit.errors import FileError
from xlprofit.ooxml.saving import replace_files
from xlprofit.words.speech import _

_LINE = re.compile(r'^\s*"(?P<key>[^"]*)"\s*,\s*"(?P<value>[^"]*)"\s*$')


def read_settings(path: Path) -> dict[str, str]:
    """Return the settings of a file by key in capitals; empty where there is no such file."""
    if not path.is_file():
        return {}
    found = (_LINE.match(line) for line in _read_settings_text(path).splitlines())
    return {line["key"].upper(): line["value"] for line in found if line}


def write_settings(path: Path, changes: Mapping[str, str | None]) -> None:
    """Set some keys of a file, or take them out where the value is ``None``; all else stays as it is.

    A file that is left without a line is removed.

    Raises:
        FileError: a value cannot be written so that Excel's macros could read it; or the file cannot be written.
    """
    text = edit_settings_text(_read_settings_text(path) if path.is_file() else "", changes)
    if not text:
        path.unlink(missing_ok=True)
        return
    try:
        content = text.encode(_find_local_encoding())
    except UnicodeEncodeError as error:
        raise FileError(
            _(
                '{path} cannot hold "{letters}": '
                "Excel's macros read the folder of Python in the code page of this computer only",
                path=path,
                letters=text[error.start : error.end],
            ),
            _("Install Python and xlprofit in a folder whose name has plain letters"),
        ) from None
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with replace_files([path]) as (beside,):
            beside.write_bytes(content)
    except FileError as error:
        fix = _("Quit Excel, look whether the file may be written, and run the command again")
        raise FileError(error.what, fix) from error


def edit_settings_text(text: str, changes: Mapping[str, str | None]) -> str:
    """Return the text of a configuration file with some keys set, or taken out where ``None``.

    >>> print(edit_settings_text('"PYTHONPATH","X:"', {"INTERPRETER_WIN": "C:/python.exe"}), end="")
    "PYTHONPATH","X:"
    "INTERPRETER_WIN","C:/python.exe"
    """
    changed = {key.upper() for key in changes}
    kept = [line for line in text.splitlines() if line.strip() and _parse_setting_key(line) not in changed]
    added = [f'"{key}","{value}"' for key, value in changes.items() if value is not None]
    return "".join(f"{line}\n" for line in (*kept, *added))


def _parse_setting_key(line: str) -> str | None:
    found = _LINE.match(line)
    return found["key"].upper() if found else None


def _read_settings_text(path: Path) -> str:
    return path.read_bytes().decode(_find_local_encoding(), "replace").replace("\r\n", "\n")


def _find_local_encoding() -> str:
    # VBA reads and writes text files in the code page of the computer, so this is the one place
    # where the locale must be asked.
    return locale.getencoding()
