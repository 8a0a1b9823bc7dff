"""The files of closed periods beside a workbook: what was booked in them, and what a run makes of it now."""

from __future__ import annotations

import json
from glob import escape
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from xlprofit.comparison.closed import KEYS, Closed, compare_closed
from xlprofit.findings import Finding, build_finding, phrase
from xlprofit.ooxml.saving import replace_files

if TYPE_CHECKING:
    from xlprofit.results import Results

META = b"xlprofit"
"""Under this key a Parquet file has what is kept beside the ledger."""

_KINDS = {**dict.fromkeys(KEYS, "str"), "amount": "float64", "units": "float64"}
COLUMNS = frozenset(_KINDS)
"""What the ledger of a closed period has."""

MOST_ROWS = 20_000_000
"""No period has more rows; a file may say that it has."""


def name_closed_file(book: Path, period: str) -> Path:
    """Return where a closed period of a workbook is kept: beside it.

    >>> name_closed_file(Path("books/acme.xlsx"), "2026-03").name
    'acme.closed-2026-03.parquet'
    """
    return book.with_name(f"{book.stem}.closed-{period}.parquet")


def write_closed(path: Path, closed: Closed, *, anew: bool = False) -> None:
    """Write what is kept of a closed period: whole or not at all.

    Args:
        path: the file.
        closed: what is kept.
        anew: whether a file that is there is replaced; else it is never written over, whoever made it meanwhile.

    Raises:
        FileError: the file is there, or cannot be written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    kept = {"period": closed.period, "hashes": dict(closed.hashes), "rates": dict(closed.rates)}
    table = pa.Table.from_pandas(closed.ledger, preserve_index=False)
    table = table.replace_schema_metadata({META: json.dumps(kept, sort_keys=True).encode()})
    # by its name pyarrow takes UTF-8 only
    with replace_files([path], fresh=not anew) as (beside,), beside.open("wb") as file:
        pq.write_table(table, file)


def read_closed(path: Path) -> Closed:
    """Return what is kept of a closed period.

    Raises:
        ValueError: the file is not one of a closed period, or is damaged.
        OSError: it cannot be read.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not path.is_file():  # a pipe may wait for ever
        raise ValueError(path.name)
    try:
        with path.open("rb") as opened:
            file = pq.ParquetFile(opened)
            kept = json.loads((file.schema_arrow.metadata or {})[META])
            if file.metadata.num_rows > MOST_ROWS or not COLUMNS.issubset(file.schema_arrow.names):
                raise ValueError(path.name)
            ledger = file.read(columns=list(_KINDS)).replace_schema_metadata(None).to_pandas()
        texts = {str(name): str(value) for name, value in kept["hashes"].items()}
        rates = {str(name): float(value) for name, value in kept["rates"].items()}
        ledger = ledger.astype(dict(_KINDS))
        if not np.isfinite(ledger["amount"]).all() or not all(map(isfinite, rates.values())):
            raise ValueError(path.name)
        return Closed(str(kept["period"]), ledger, texts, rates)
    except (pa.ArrowException, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(str(error)) from error


def find_closed_changes(book: Path | None, results: Results) -> list[Finding]:
    """Return the warnings of the closed periods of a workbook whose figures a run changes.

    Args:
        book: the workbook; ``None`` where there is no file.
        results: the run.
    """
    if book is None:
        return []
    found = []
    for path in sorted(book.parent.glob(f"{escape(book.stem)}.closed-*.parquet")):
        try:
            closed = read_closed(path)
        except (OSError, ValueError):
            found.append(build_finding("M10", path.name, "", phrase("M10", "unreadable", file=path.name)))
            continue
        found += compare_closed(closed, results, path.name)
    return found
