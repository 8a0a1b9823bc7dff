"""The files of closed periods beside a workbook: what was booked in them, and what a run makes of it now."""

from __future__ import annotations

import json
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING

from xlprofit.comparison.closed import Closed, compare_closed
from xlprofit.errors import FileError
from xlprofit.findings import Finding, build_finding, phrase
from xlprofit.messages import _

if TYPE_CHECKING:
    from xlprofit.results import Results

META = b"xlprofit"
"""Under this key a Parquet file has what is kept beside the ledger."""


def name_closed_file(book: Path, period: str) -> Path:
    """Return where a closed period of a workbook is kept: beside it.

    >>> name_closed_file(Path("books/acme.xlsx"), "2026-03").name
    'acme.closed-2026-03.parquet'
    """
    return book.with_name(f"{book.stem}.closed-{period}.parquet")


def write_closed(path: Path, closed: Closed) -> None:
    """Write what is kept of a closed period: whole or not at all.

    Raises:
        FileError: the file cannot be written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    beside = path.with_name(f".{path.name}.part")
    kept = {"period": closed.period, "hashes": dict(closed.hashes), "rates": dict(closed.rates)}
    table = pa.Table.from_pandas(closed.ledger, preserve_index=False)
    table = table.replace_schema_metadata({META: json.dumps(kept, sort_keys=True).encode()})
    try:
        pq.write_table(table, beside)
        beside.replace(path)
    except OSError as error:
        raise FileError(_("{path} cannot be written: {reason}", path=str(path), reason=str(error))) from None
    finally:
        beside.unlink(missing_ok=True)


def read_closed(path: Path) -> Closed:
    """Return what is kept of a closed period.

    Raises:
        ValueError: the file is not one of a closed period, or is damaged.
        OSError: it cannot be read.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
        kept = json.loads((table.schema.metadata or {})[META])
        ledger = table.replace_schema_metadata(None).to_pandas()
        return Closed(str(kept["period"]), ledger, kept["hashes"], kept["rates"])
    except (pa.ArrowException, KeyError) as error:
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
