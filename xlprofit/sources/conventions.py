"""Conventions: how the texts of one column are meant, as the source's options say or as the checks find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.findings import Finding
from xlprofit.reading import headers, rows
from xlprofit.reading.cells import Other, Reading
from xlprofit.sources.columns import find_column_kind
from xlprofit.sources.decimals import rewrite_decimal
from xlprofit.sources.spec import Source
from xlprofit.tables import TABLES, Raw

NUMBERS = ("number", "share")
"""Kinds of columns that hold numbers."""


@dataclass(frozen=True)
class AskedColumn:
    """What the texts of a column are read for: the column of which source, in the run's currency.

    ``label`` is what findings call the file; ``name`` a column of the table or the key of a driver; ``header``
    is as the file has it.
    """

    source: Source
    label: str
    name: str
    header: str
    currency: str

    @property
    def kind(self) -> str:
        """The kind of the column."""
        return find_column_kind(self.source.table, self.name)


def read_texts(
    asked: AskedColumn, texts: Sequence[str], counts: npt.NDArray[np.int64]
) -> tuple[Reading, list[Finding]]:
    """Return the different texts of a column as the checks read them, and what is wrong with them.

    ``counts`` says how many rows have each text, which the findings count. No text is blank.
    """
    frame = pd.DataFrame({asked.header: pd.Series(adapt_texts(asked, texts), dtype=object)})
    raw = Raw(asked.source.table, asked.label, frame, 0, lines=pd.Series(counts), text=True)
    table = TABLES[asked.source.table]
    known = any(column.name == asked.name for column in table.columns)
    found = headers.match_headers(raw, ())[0]  # which knows what the header says of its numbers
    place = replace(found, cells={asked.name: 1}, first_row=1, lines=counts)
    at = {asked.name: 0}
    draft, findings = rows.draft_table(raw, place, at if known else {}, {} if known else at, asked.currency)
    return (draft.readings if known else draft.drivers)[asked.name], findings


def adapt_texts(asked: AskedColumn, texts: Sequence[str]) -> list[object]:
    """Return texts as the options decimal and date of a source say that they are meant.

    What does not fit the option is a value of no kind, so that the checks find it.
    """
    decimal, form = asked.source.options.get("decimal", ""), asked.source.options.get("date", "")
    if asked.kind in NUMBERS and decimal:
        return [rewrite_decimal(text, decimal) for text in texts]
    if asked.kind == "date" and form:
        return [_adapt_date(text, form) for text in texts]
    return list(texts)


def _adapt_date(text: str, form: str) -> object:
    if not text.strip():
        return text
    try:
        return datetime.strptime(text.strip(), form).date()
    except ValueError:
        return Other(text)
