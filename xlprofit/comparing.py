"""Comparing from the shell: two workbooks and why profit changed between them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xlprofit.comparison.bridge import compare
from xlprofit.comparison.side import Side
from xlprofit.comparison.versions import ChosenComparison
from xlprofit.errors import FileError
from xlprofit.messages import _
from xlprofit.ooxml.dateless import tell_full_disk
from xlprofit.ooxml.saving import refuse_unwritable_folder, replace_files
from xlprofit.workflow import analyze

if TYPE_CHECKING:
    from xlprofit.hosts.host import Stage
    from xlprofit.results import Results

WORKBOOKS = "workbooks"
"""The kind of a change between two workbooks."""


def compare_workbooks(
    before: str | Path,
    after: str | Path,
    output: str | Path | None = None,
    *,
    stage: Stage = lambda words: None,
) -> tuple[ChosenComparison, Results]:
    """Return what changed between two workbooks, and the results of the later one; write it where it is asked for.

    Args:
        before: the workbook before, .xlsx or .xlsm.
        after: the workbook after.
        output: a workbook to make, with the sheet *Changes* alone; none where it is not given.
        stage: called with a few words at the start of each stage.

    Raises:
        FileError: a workbook cannot be read, or the one to make is there already, is no .xlsx or cannot be made.
        StoppedError: findings stop the work in one of them.
        XlprofitError: they are in different currencies.
    """
    if output is not None:
        _refuse_output(Path(output))
    stage(_("Reading {path}", path=str(before)))
    first = analyze(before)
    stage(_("Reading {path}", path=str(after)))
    second = analyze(after)
    sides = (Side(first, None, Path(before).stem), Side(second, None, Path(after).stem))
    change = ChosenComparison(WORKBOOKS, "", compare(*sides))
    if output is not None:
        stage(_("Writing the result sheets"))
        _write_changes(Path(output), change, second)
    return change, second


def _write_changes(path: Path, change: ChosenComparison, results: Results) -> None:
    """Make a workbook with the sheet *Changes*."""
    from openpyxl import Workbook

    from xlprofit.drawing.to_openpyxl import draw_worksheets
    from xlprofit.sheets.changes import describe_change
    from xlprofit.words.sheets import say_sheets

    language = results.inputs.settings.language
    sheets = say_sheets([describe_change(change, results)], language, results.findings.own)
    workbook = Workbook()
    blank = workbook.worksheets[0]
    draw_worksheets(sheets, workbook)
    workbook.remove(blank)
    with replace_files([path], fresh=True) as (beside,), tell_full_disk():
        workbook.save(beside)


def _refuse_output(path: Path) -> None:
    """Refuse a place where the workbook cannot be made, before anything is read."""
    if path.suffix.lower() != ".xlsx":
        raise FileError(
            _("{path} is no .xlsx file", path=str(path)), _("Name the file {name}", name=f"{path.stem}.xlsx")
        )
    if path.exists():
        raise FileError(
            _("{path} is there already", path=str(path)), _("Give another name, or delete it first")
        )
    refuse_unwritable_folder(path)
