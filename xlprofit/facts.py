"""Facts: the ledger and the results as files that other programs read, Parquet or CSV."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from xlprofit.errors import FileError
from xlprofit.messages import _

if TYPE_CHECKING:
    import pandas as pd

    from xlprofit.results import Results

FACTS = ("ledger", "customers", "products", "trends")
"""What can be written."""

ENDINGS = (".parquet", ".csv")


def export_facts(results: Results, files: Mapping[str, str | Path]) -> dict[str, int]:
    """Write facts of a run to files, complete or not at all each; return how many rows each has.

    The ledger has its columns as :mod:`xlprofit.ledger` says, a row an amount, so that its sum is the company's
    profit; the others have the customer or the product first, and the columns of ``results.customers``,
    ``results.products`` and ``results.trends``. Parquet keeps numbers as they are, CSV 15 digits of them.

    Args:
        results: the run.
        files: the file of each of :data:`FACTS` that is wanted; its ending says what it is written as.

    Raises:
        FileError: a file is neither .parquet nor .csv, or cannot be written; nothing was written before all
            endings were seen.
    """
    paths = {name: Path(path) for name, path in files.items()}
    for path in paths.values():
        if path.suffix.lower() not in ENDINGS:
            raise FileError(
                _("{path} is neither a .parquet nor a .csv file", path=str(path)),
                _("Name the file {name}", name=f"{path.stem}.parquet"),
            )
    counts = {}
    for name, path in paths.items():
        frame = _take_facts(results, name)
        _write_facts_file(frame, path)
        counts[name] = len(frame)
    return counts


def _take_facts(results: Results, name: str) -> pd.DataFrame:
    """Return a table of a run with what names its rows as the index."""
    frame: pd.DataFrame = getattr(results, name)
    return frame.set_index("customer") if name == "ledger" else frame


def _write_facts_file(frame: pd.DataFrame, path: Path) -> None:
    from xlprofit.drawing.to_csv import render_csv
    from xlprofit.ooxml.saving import refuse_unwritable_folder, replace_file

    refuse_unwritable_folder(path)
    with replace_file(path) as beside:
        if path.suffix.lower() == ".csv":
            beside.write_bytes(render_csv(frame).encode("utf-8-sig"))  # Excel knows it by its mark
            return
        table = frame.reset_index()
        for column in table.columns[[kind.kind == "O" for kind in table.dtypes]]:
            table[column] = table[column].astype("str").astype("category")
        table.to_parquet(beside, index=False)
