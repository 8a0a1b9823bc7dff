"""The vocabulary: members are texts, and what is made of them for frames and files is text alone."""

from __future__ import annotations

import json
from enum import Enum

import pytest

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
