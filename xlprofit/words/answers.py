"""What formulas answer, in the language of the workbook that asks."""

from __future__ import annotations

from xlprofit.formulas import FormulaError, Lookup
from xlprofit.messages import Message
from xlprofit.words.speech import get_spoken_language, say, speaking


def say_answer(answer: object, lookup: object = None) -> object:
    """Return what a formula answered with its texts and the reasons of its errors said.

    Args:
        answer: a cell, or rows of cells.
        lookup: the results of the last refresh, whose language is spoken; where it is none, that spoken already.
    """
    if type(answer) is float:
        return answer
    with speaking(lookup.language if isinstance(lookup, Lookup) else get_spoken_language()):
        if isinstance(answer, list):
            return [list(map(_say_cell, row)) for row in answer]
        return _say_cell(answer)


def _say_cell(cell: object) -> object:
    if isinstance(cell, Message):
        return say(cell)
    if isinstance(cell, FormulaError) and isinstance(cell.reason, Message):
        return FormulaError(cell.code, say(cell.reason))
    return cell
