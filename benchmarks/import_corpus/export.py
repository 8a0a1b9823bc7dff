"""One export of the corpus: its file, what is special about it, and the figures that it should come to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

import pandas as pd

from benchmarks.import_corpus.cells import Cell, Row, draw_book, encode_text
from benchmarks.import_corpus.lines import Bill, Entry, Line, sum_bills, sum_entries, sum_sales

Kind = Literal["Sales", "Invoices", "ActivityLog"]
Record = TypeVar("Record", Line, Bill, Entry)


@dataclass(frozen=True)
class Export:
    """An export as a system writes it, and what it should come to.

    ``truth`` is by customer number and month (:mod:`benchmarks.import_corpus.lines`); ``rows`` is how many rows of the
    file count. ``undecidable``: nobody can tell the figures from the file alone, so that only a refusal or a
    warning is right. ``profile`` names the ready-made profile that should recognise it.
    """

    file: str
    shape: str
    table: Kind
    content: bytes
    truth: pd.DataFrame
    rows: int
    undecidable: bool = False
    profile: str = ""


def tabulate(records: Iterable[Record], columns: Mapping[str, Callable[[Record], Cell]]) -> list[Row]:
    """Return a header and a row for each record, a column for each function."""
    return [list(columns), *([write(record) for write in columns.values()] for record in records)]


def export_text(
    file: str,
    shape: str,
    lines: Sequence[Line],
    rows: Sequence[Row],
    *,
    cost: bool = True,
    discount: bool = False,
    **written: str | int,
) -> Export:
    """Return sales lines exported as text; ``written`` is what :func:`encode_text` takes."""
    content = encode_text(rows, **written)  # type: ignore[arg-type]
    return Export(file, shape, "Sales", content, sum_sales(lines, cost, discount), len(lines))


def export_book(
    file: str,
    shape: str,
    lines: Sequence[Line],
    sheets: Mapping[str, Sequence[Row]],
    *,
    cost: bool = True,
    discount: bool = False,
) -> Export:
    """Return sales lines exported as a workbook."""
    return Export(file, shape, "Sales", draw_book(sheets), sum_sales(lines, cost, discount), len(lines))


def export_bills(file: str, shape: str, bills: Sequence[Bill], content: bytes, profile: str = "") -> Export:
    """Return invoices with what they come to."""
    return Export(file, shape, "Invoices", content, sum_bills(bills), len(bills), profile=profile)


def export_entries(
    file: str, shape: str, entries: Sequence[Entry], content: bytes, *, timed: bool, profile: str = ""
) -> Export:
    """Return work done with its hours, or with its number where no duration is given."""
    truth = sum_entries(entries, timed)
    return Export(file, shape, "ActivityLog", content, truth, len(entries), profile=profile)
