"""Workbooks as LibreOffice shows them, calculated anew; all of them in one start of it, for a start takes seconds."""

from __future__ import annotations

import csv
import shutil
import subprocess
import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path

from tests.needs import SOFFICE
from tests.packages import parts_of, sheets_of, uncalculated

Rows = list[list[str]]

_EVERY_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
"""Comma-separated, in UTF-8, each cell as it is shown, each sheet in a file of its own."""


def shown(
    paths: Collection[Path], sheets: Mapping[Path, Collection[str]], *, anew: bool = True
) -> dict[Path, dict[str, Rows]]:
    """Return the cells of some sheets of workbooks as LibreOffice shows them.

    Args:
        paths: the workbooks, whose names without their endings differ.
        sheets: the sheets that are wanted of each.
        anew: whether without the values in the file, so that everything is calculated.
    """
    found: dict[Path, dict[str, Rows]] = {}
    with tempfile.TemporaryDirectory(prefix="xlprofit-lo-") as folder:
        sources, out = Path(folder) / "in", Path(folder) / "out"
        sources.mkdir()
        for path in paths:
            if anew:
                uncalculated(path, sources / path.name)  # LibreOffice trusts a value that is there
            else:
                shutil.copy(path, sources / path.name)
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        command = [str(SOFFICE), profile, "--headless", "--convert-to", _EVERY_SHEET, "--outdir", str(out)]
        command += [str(sources / path.name) for path in paths]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        for path in paths:
            found[path] = {name: _rows(out / f"{path.stem}-{name}.csv") for name in sheets[path]}
    return found


def _rows(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def worksheets(path: Path) -> list[str]:
    """Return the names of a workbook's sheets that have cells."""
    return [name for name, part in sheets_of(parts_of(path)).items() if "/worksheets/" in part]
