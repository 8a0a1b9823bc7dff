"""The vocabulary: members are texts, and what is made of them for frames and files is text alone."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

import pytest

import xlprofit
from xlprofit.tables import TABLES
from xlprofit.vocabulary.effects import Effect
from xlprofit.vocabulary.groups import ACQUIRE_GROUPS, GROUPS, RESERVED_GROUPS, Group
from xlprofit.vocabulary.levels import LEVELS, UNSPREAD_LEVELS, Level
from xlprofit.vocabulary.levers import COLLECTING, LEVERS, Lever
from xlprofit.vocabulary.lines import Line
from xlprofit.vocabulary.measures import (
    BELOW,
    COMPANY_LINES,
    LOOKED_UP,
    MEASURES,
    PARTS,
    POSTED,
    SUBTOTALS,
    Measure,
)
from xlprofit.vocabulary.states import STATES, State
from xlprofit.vocabulary.verdicts import SCREENINGS, VERDICTS, Screening, Verdict

ENUMS: tuple[type[Enum], ...] = (Measure, Line, Group, Level, State, Verdict, Screening, Lever, Effect)
TUPLES = (
    *(MEASURES, LOOKED_UP, POSTED, BELOW, COMPANY_LINES, GROUPS, ACQUIRE_GROUPS, RESERVED_GROUPS, LEVELS),
    *(UNSPREAD_LEVELS, STATES, VERDICTS, SCREENINGS, LEVERS, COLLECTING, tuple(SUBTOTALS), tuple(PARTS)),
    *(*SUBTOTALS.values(), *PARTS.values()),
)


@pytest.mark.parametrize("words", ENUMS, ids=lambda words: words.__name__)
def test_a_member_stands_wherever_its_text_may(words: type[Enum]) -> None:
    for member in words:
        text = member.value
        assert isinstance(member, str)
        assert member == text
        assert {text: 1}[member] == 1
        assert type(str(member)) is str
        assert (f"{member}", str(member), json.dumps([member])) == (text, text, json.dumps([text]))


def test_the_lists_hold_plain_texts() -> None:
    assert {type(word) for words in TUPLES for word in words} == {str}


def test_the_profit_and_loss_statement_adds_up() -> None:
    assert SUBTOTALS["profit"] == ("operating_profit", "cost_of_credit")
    assert PARTS["profit"] == POSTED[:-1]
    assert POSTED[-1] == "capacity"
    assert PARTS["gross_margin"] == ("gross_revenue", "discounts", "returns", "cogs")
    assert MEASURES[-1] == "profit"
    assert (*MEASURES, *BELOW, "company_profit") == COMPANY_LINES


def test_usual_groups_and_levers_end_where_others_begin() -> None:
    assert (GROUPS[0], GROUPS[-1], len(GROUPS)) == ("acquire", "collect", 9)
    assert (LEVERS[-1], COLLECTING) == ("price", ("stop credit", "prepayment", "dunning"))
    assert set(UNSPREAD_LEVELS) == {"channel", "corporate"}


# --- said once -----------------------------------------------------------------------------------------

PACKAGE = Path(xlprofit.__file__).parent
SAID_ONCE: tuple[type[Enum], ...] = (Group, Level, State, Verdict, Screening, Lever, Effect)
COLUMNS_TOO = {
    *(column.name for table in TABLES.values() for column in table.columns),
    *("revenue", "capacity", "deliver", "demand", "volume", "other", "lost", "order"),
}
"""Words that name a column of a table or of a result as well: to name the column is not to say the word."""
CHOICE = "price"  # of the setting finance_receivables_at as well


def _list_words_said(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the words of the vocabulary that a module says as texts of its own, each with its line."""
    words = {str(member) for said in SAID_ONCE for member in said}
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typed = {
        part for node in ast.walk(tree) if isinstance(node, ast.Subscript) for part in ast.walk(node.slice)
    }
    kinds = {
        part
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare) and isinstance(node.left, ast.Attribute) and node.left.attr == "kind"
        for part in node.comparators
    }
    compared = {part for node in ast.walk(tree) if isinstance(node, ast.Compare) for part in node.comparators}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or node.value not in words - {CHOICE} or node in kinds:
            continue
        if node in compared or (node.value not in COLUMNS_TOO and node not in typed):
            yield node.lineno, str(node.value)


MODULES = [
    PACKAGE / "results.py",
    *(path for folder in ("analysis", "ledger") for path in sorted((PACKAGE / folder).rglob("*.py"))),
]


@pytest.mark.parametrize(
    "path",
    MODULES,
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_groups_levels_states_verdicts_levers_and_effects_are_said_by_the_vocabulary_alone(
    path: Path,
) -> None:
    assert list(_list_words_said(path)) == []
