"""Verdicts: what to do about a customer, and about a prospect."""

from __future__ import annotations

from enum import Enum


class Verdict(str, Enum):
    """What to do about a customer; :mod:`xlprofit.analysis.decisions` defines each."""

    KEEP = "keep"
    FIX = "fix"
    COLLECT = "collect"
    INVESTIGATE = "investigate"
    END = "end"

    __str__ = str.__str__


class Screening(str, Enum):
    """What to do about a prospect; :mod:`xlprofit.analysis.prospects` defines each."""

    PURSUE = "pursue"
    QUALIFY = "qualify"
    PASS = "pass"

    __str__ = str.__str__


VERDICTS = tuple(map(str, Verdict))
"""The verdicts on customers, as they stand in cells."""

SCREENINGS = tuple(map(str, Screening))
"""The verdicts on prospects, as they stand in cells."""
