"""Four workbooks with which a person who has Excel sees in ten minutes what nobody has seen: docs/excel_trial.md."""

from __future__ import annotations

from pathlib import Path

from xlprofit.lite.embedding import embed_lite_code
from xlprofit.workflow import new, refresh

RESULTS, LOOK_UP, BUTTONS, LITE = "1-results.xlsx", "2-look-up.xlsx", "3-buttons.xlsx", "4-lite.xlsx"
"""The files: results as a refresh outside Excel leaves them, with formulas of the add-in, inputs alone, with code."""

_TEMPLATE = "wholesale"


def make_trial_files(folder: Path) -> tuple[Path, ...]:
    """Make the four workbooks of the trial in a folder and return them; all are of the same sample company.

    Raises:
        FileError: one of them is there already, or cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = tuple(folder / name for name in (RESULTS, LOOK_UP, BUTTONS, LITE))
    for path in paths:
        new(path, template=_TEMPLATE, sample=True)
    refresh(paths[0])
    refresh(paths[1])
    embed_lite_code(paths[3])
    return paths
