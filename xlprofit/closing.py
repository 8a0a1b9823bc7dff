"""Closing a period: what was booked in it is kept beside the workbook, and a later refresh is held against it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from xlprofit.closed_periods import name_closed_file, write_closed
from xlprofit.comparison.closed import keep_period
from xlprofit.errors import UnknownNameError, XlprofitError
from xlprofit.ledger.periods import find_covered_periods
from xlprofit.messages import _
from xlprofit.read_files import refuse_read_files
from xlprofit.workflow import analyze

if TYPE_CHECKING:
    from xlprofit.results import Results


def close_period(book: str | Path, period: str, *, anew: bool = False) -> tuple[Path, Results]:
    """Close a period of a workbook: keep its ledger, its rates and a hash of its inputs in a file beside it.

    Args:
        book: the workbook, .xlsx or .xlsm.
        period: the period, such as ``2026-03``.
        anew: whether a period that is closed already is closed with its figures of today.

    Returns:
        The file, and the results.

    Raises:
        UnknownNameError: the workbook has no such period.
        XlprofitError: it is closed already.
        FileError: the workbook cannot be read, or the file cannot be written, or is or would be read as a source.
        StoppedError: findings stop the work.
    """
    results = analyze(book)
    label = _resolve_period(results, period)
    path = name_closed_file(Path(book), label)
    if os.path.lexists(path) and not anew:
        raise XlprofitError(
            _("{period} is closed already: {path}", period=label, path=str(path)),
            _("Close it again with {option} if its figures of today are the right ones", option="--again"),
        )
    refuse_read_files([path], Path(book), closing=True)
    write_closed(path, keep_period(results, label), anew=anew)
    return path, results


def _resolve_period(results: Results, period: str) -> str:
    wanted = period.strip().upper()
    if re.fullmatch(r"[1-9][0-9]{3}(-(0[1-9]|1[0-2])|-?Q[1-4])?", wanted):
        wanted = re.sub(r"-?Q", "-Q", wanted)
        places = find_covered_periods(wanted, results.inputs.settings)
        if len(places) == 1 and str(results.periods[places[0]]) == wanted:
            return wanted
    raise UnknownNameError(period, results.periods, "period")
