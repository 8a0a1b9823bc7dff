"""Figures as comma-separated values, from which a spreadsheet makes no formula."""

from __future__ import annotations

from typing import Any

import pandas as pd

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes for the beginning of a formula, wide forms of the same signs included."""


def csv(frame: pd.DataFrame) -> str:
    r"""Return a frame as comma-separated values: every digit of a number, its index first.

    A text that a spreadsheet would take for a formula has an apostrophe before it (OWASP, CSV Injection).

    >>> csv(pd.DataFrame({"profit": [-1.5]}, index=pd.Index(["=1+1"], name="customer")))
    "customer,profit\n'=1+1,-1.5\n"
    """
    table = frame.reset_index()
    columns = {
        _plain(str(name)): values.map(_plain) if values.dtype.kind == "O" else values
        for name, values in table.items()
    }
    return str(pd.DataFrame(columns).to_csv(index=False))


def _plain(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_STARTS) else value
