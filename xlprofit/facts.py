"""Facts: the ledger and the results as files that other programs read, Parquet or CSV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from fnmatch import fnmatch
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from xlprofit.closed_periods import name_closed_file
from xlprofit.errors import FileError
from xlprofit.messages import _

if TYPE_CHECKING:
    import pandas as pd

    from xlprofit.results import Results

FACTS = ("ledger", "customers", "products", "trends")
"""What can be written."""

ENDINGS = (".parquet", ".csv")


def export_facts(
    results: Results, files: Mapping[str, str | Path], read: Sequence[str | Path] = ()
) -> dict[str, int]:
    """Write facts of a run to files, all of them complete or none; return how many rows each has.

    The ledger has its columns as :mod:`xlprofit.ledger` says, a row an amount, so that its sum is the company's
    profit; the others have the customer or the product first, and the columns of ``results.customers``,
    ``results.products`` and ``results.trends``. Parquet keeps numbers as they are, CSV 15 digits of them.

    Args:
        results: the run.
        files: the file of each of :data:`FACTS` that is wanted; its ending says what it is written as. One that is
            there already is replaced.
        read: what the run was read from, the workbook and its sources: files, folders or patterns. None of them is
            written over.

    Raises:
        FileError: a file is neither .parquet nor .csv, is named twice, is one of those that were read, is read-only,
            or cannot be written; nothing was written before all were looked at.
    """
    from xlprofit.ooxml.saving import replace_files

    paths = {name: Path(path) for name, path in files.items()}
    for path in paths.values():
        if path.suffix.lower() not in ENDINGS:
            raise FileError(
                _("{path} is neither a .parquet nor a .csv file", path=str(path)),
                _("Name the file {name}", name=f"{path.stem}.parquet"),
            )
    _refuse_shared_files(paths, [Path(one) for one in read])
    frames = {name: _take_facts(results, name) for name in paths}
    with ExitStack() as stack:
        for name, path in paths.items():
            (beside,) = stack.enter_context(replace_files([path]))
            _write_facts_file(frames[name], beside, path.suffix.lower())
    return {name: len(frame) for name, frame in frames.items()}


def list_read_places(results: Results, book: Path, addresses: Sequence[str] = ()) -> list[Path]:
    """Return what a run was read from, as far as it lies on this computer: the workbook, its closed periods, sources.

    Args:
        results: the run.
        book: the workbook.
        addresses: of further sources than those of the table Sources.
    """
    from xlprofit.sources.secrets import fetch_secret, is_secret_place

    def find_place(address: str) -> str:
        return fetch_secret(address, address) if is_secret_place(address) else address

    own = map(find_place, results.inputs["Sources"]["source"].astype(str))
    files = [Path(find_place(one)) for one in addresses] + [book.parent / one for one in own]
    return [book, book.parent / name_closed_file(book, "*").name, *(f for f in files if "://" not in str(f))]


def _refuse_shared_files(paths: Mapping[str, Path], read: Sequence[Path]) -> None:
    """Refuse to write one file twice, or over what the run was read from."""
    from xlprofit.ooxml.saving import is_same_file, refuse_protected_file, refuse_unwritable_folder

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
        if any(_is_read_from(path, place) for place in read):
            raise FileError(
                _("{path} is what the figures are read from, and is not overwritten", path=path),
                _("Give another name"),
            )
        refuse_unwritable_folder(path)
        if path.exists():
            refuse_protected_file(path)


def _is_read_from(path: Path, place: Path) -> bool:
    """Whether a file is, or would be, one of those that are read from a place: a file, a folder or a pattern."""
    from xlprofit.ooxml.saving import is_same_file, resolve_links

    file = resolve_links(path)
    return (
        is_same_file(path, place)
        or (place.is_dir() and file.is_relative_to(place.resolve()))
        or fnmatch(str(file), str(place.parent.resolve() / place.name))
    )


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
