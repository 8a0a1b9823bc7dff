"""A finding: what is wrong with an input, where, why it matters and how to mend it.

All findings of a run are returned together, in a fixed order, beside the result. Every code is in
:data:`CATALOGUE`, which the documentation and the tests read too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Literal

import pandas as pd

Severity = Literal["stop", "error", "warning", "note"]
"""How bad a finding is.

``stop``: nothing can be computed. ``error``: a row or a cell was left out of the figures.
``warning``: counted, but look at it. ``note``: what was assumed or left out because it was not given.
"""

SEVERITIES: tuple[Severity, ...] = ("stop", "error", "warning", "note")


@dataclass(frozen=True)
class Rule:
    """One code of the catalogue: its severity, why it matters and, generally, how to mend it."""

    code: str
    severity: Severity
    title: str
    why: str
    mend: str


@dataclass(frozen=True)
class Finding:
    """One thing found: where it is, what is there, why it matters, how to mend it.

    ``cell`` is an address such as ``C1204``, or empty where the finding is about a whole sheet.
    ``count`` is the number of cells that the finding stands for; ``cell`` is the first of them.
    """

    code: str
    severity: Severity
    sheet: str
    cell: str
    what: str
    why: str
    mend: str
    count: int = 1

    def __str__(self) -> str:
        """Return the one line that a terminal shows: ``Sales!C1204: "12,5O" is not a number.``."""
        place = f"{self.sheet}!{self.cell}" if self.cell else self.sheet
        return f"{place}: {self.what}. {self.mend}" if place else f"{self.what}. {self.mend}"


def frame(findings: Iterable[Finding]) -> pd.DataFrame:
    """Return the findings as a DataFrame, a row each, one column for each field of a finding."""
    names = [f.name for f in fields(Finding)]
    return pd.DataFrame([[getattr(f, n) for n in names] for f in findings], columns=names)
