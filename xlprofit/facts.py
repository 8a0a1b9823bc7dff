"""Facts: the ledger and the results as files that other programs read, Parquet or CSV."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from itertools import combinations
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
    """Write facts of a run to files, all of them complete or none; return how many rows each has.

    The ledger has its columns as :mod:`xlprofit.ledger` says, a row an amount, so that its sum is the company's
    profit; the others have the customer or the product first, and the columns of ``results.customers``,
    ``results.products`` and ``results.trends``. Parquet keeps numbers as they are, CSV 15 digits of them.

    Args:
        results: the run.
        files: the file of each of :data:`FACTS` that is wanted; its ending says what it is written as. One that is
            there already is replaced.

    Raises:
        FileError: a file is neither .parquet nor .csv, is named twice, is read-only, or cannot be written; nothing was
            written before all were looked at.
    """
    from xlprofit.ooxml.saving import replace_files

    paths = {name: Path(path) for name, path in files.items()}
    refuse_facts_files(paths)
    frames = {name: _take_facts(results, name) for name in paths}
    with ExitStack() as stack:
        for name, path in paths.items():
            (beside,) = stack.enter_context(replace_files([path]))
            _write_facts_file(frames[name], beside, path.suffix.lower())
    return {name: len(frame) for name, frame in frames.items()}


def refuse_facts_files(paths: Mapping[str, Path]) -> None:
    """Refuse files of facts that cannot be written, before there are any.

    Raises:
        FileError: as :func:`export_facts`.
    """
    from xlprofit.ooxml.saving import is_same_file, refuse_protected_file, refuse_unwritable_folder

    for path in paths.values():
        if path.suffix.lower() not in ENDINGS:
            raise FileError(
                _("{path} is neither a .parquet nor a .csv file", path=str(path)),
                _("Name the file {name}", name=f"{path.stem}.parquet"),
            )
    for one, other in combinations(paths, 2):
        if is_same_file(paths[one], paths[other]):
            raise FileError(
                _(
                    "{one} and {other} would be written to one file, {path}",
                    one=one,
                    other=other,
                    path=paths[other],
                ),
                _("Give each a file of its own"),
            )
    for path in paths.values():
        refuse_unwritable_folder(path)
        if path.exists():
            refuse_protected_file(path)


def _take_facts(results: Results, name: str) -> pd.DataFrame:
    """Return a table of a run with what names its rows as the index."""
    frame: pd.DataFrame = getattr(results, name)
    return frame.set_index("customer") if name == "ledger" else frame


def _write_facts_file(frame: pd.DataFrame, file: Path, ending: str) -> None:
    """Write facts as the ending of a name says."""
    from xlprofit.drawing.to_csv import render_csv

    if ending == ".csv":
        file.write_bytes(render_csv(frame).encode("utf-8-sig"))  # Excel knows it by its mark
        return
    table = frame.reset_index()
    for column in table.columns[[kind.kind == "O" for kind in table.dtypes]]:
        table[column] = table[column].astype("str").astype("category")
    with file.open("wb") as opened:  # by its name pyarrow takes UTF-8 only
        table.to_parquet(opened, index=False)
