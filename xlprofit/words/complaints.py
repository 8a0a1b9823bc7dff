"""Findings and errors, said in the language spoken or in that of the workbook they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlprofit.errors import StoppedError, XlprofitError, explain_stop, join_sentences
from xlprofit.words.speech import say, speaking

if TYPE_CHECKING:  # findings load pandas, for which a page of help does not wait
    from xlprofit.findings import Finding


def say_finding(finding: Finding) -> str:
    """Return a finding in one line: ``Sales!C1204: "12,5O" is not a number. Write 12.50.``."""
    return finding.in_one_line(say(finding.what), say(finding.fix))


def say_error(error: Exception) -> str:
    """Return an error in one line: what is wrong and what to do.

    Findings that stopped the work are said in the language of their workbook; an error that is none of the
    package's own is what ``str`` makes of it.
    """
    if isinstance(error, StoppedError):
        with speaking(error.language, error.own):
            first = say_finding(error.stops[0]) if error.stops else ""
            return join_sentences(*map(say, explain_stop(error.stops, first)))
    if isinstance(error, XlprofitError):
        return join_sentences(say(error.what), say(error.fix))
    return str(error)
