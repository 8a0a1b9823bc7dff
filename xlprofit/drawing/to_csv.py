"""Figures as comma-separated values, from which a spreadsheet makes no formula."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from xlprofit.drawing.digits import round_digits

_STARTS = re.compile("(^|[;\t\r\n])(?=[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20])")
"""Right before what a spreadsheet takes for the beginning of a formula, wide forms of the same signs included.

That is the beginning of a text, and of what a spreadsheet makes of the rest of it where it splits lines at
semicolons, as it does in countries that write 1,5.
"""


def render_csv(frame: pd.DataFrame) -> str:
    r"""Return a frame as comma-separated values: 15 digits of a number, its index first.

    What a spreadsheet would take for a formula has an apostrophe before it (OWASP, CSV Injection).

    >>> render_csv(pd.DataFrame({"profit": [-1.5]}, index=pd.Index(["=1+1"], name="customer")))
    "customer,profit\n'=1+1,-1.5\n"
    """
    table = frame.reset_index()
    columns = {
        _escape_csv_value(str(name)): values.map(_escape_csv_value)
        if values.dtype.kind == "O"
        else _round_column(values)
        for name, values in table.items()
    }
    return str(pd.DataFrame(columns).to_csv(index=False))


def _round_column(values: pd.Series) -> pd.Series:
    return (
        values if values.dtype.kind != "f" else values.where(values.isna(), round_digits(values.to_numpy()))
    )


def _escape_csv_value(value: Any) -> Any:
    return _STARTS.sub(r"\1'", value) if isinstance(value, str) else value
