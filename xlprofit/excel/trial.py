"""Four workbooks with which a person who has Excel sees in ten minutes what nobody has seen: docs/excel_trial.md."""

from __future__ import annotations

from pathlib import Path
from shutil import copyfile

from xlprofit.hosts.host import Stage
from xlprofit.hosts.template import refuse_new_path
from xlprofit.lite.embedding import embed_lite_code
from xlprofit.ooxml.saving import make_folder, replace_files
from xlprofit.scratch import open_scratch_folder
from xlprofit.words.speech import _
from xlprofit.workflow import new, refresh

RESULTS, LOOK_UP, BUTTONS, LITE = "1-results.xlsx", "2-look-up.xlsx", "3-buttons.xlsx", "4-lite.xlsx"
"""The files: results as a refresh outside Excel leaves them, with formulas of the add-in, inputs alone, with code."""

_TEMPLATE = "wholesale"


def make_trial_files(folder: Path, *, stage: Stage = lambda words: None) -> tuple[Path, ...]:
    """Make the four workbooks of the trial in a folder, all or none, and return them; all are of the same company.

    Args:
        folder: the folder, which is made where it is not there.
        stage: called with a few words at the start of each stage.

    Raises:
        FileError: one of them is there already, or cannot be written.
    """
    paths = tuple(folder / name for name in (RESULTS, LOOK_UP, BUTTONS, LITE))
    with make_folder(folder), open_scratch_folder() as place:
        for path in paths:
            refuse_new_path(path)
        stage(_("Making the workbook"))
        made = new(place / BUTTONS, template=_TEMPLATE, sample=True)
        refreshed = refresh(made, place / RESULTS, stage=stage).path
        coded = embed_lite_code(made, place / LITE)
        with replace_files(paths, fresh=True) as beside:
            for file, content in zip(beside, (refreshed, refreshed, made, coded), strict=True):
                copyfile(content, file)
    return paths
