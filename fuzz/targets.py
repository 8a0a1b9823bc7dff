"""What must hold of any input: the reader tells it or reads it, the writer writes it whole or leaves all as it was."""

from __future__ import annotations

import re
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from unittest import mock
from xml.etree import ElementTree

import pandas as pd

import xlprofit
from fuzz.packages import packed
from tests.lossless.books import packed as compressed
from tests.lossless.test_put import LISTS, OWN, described
from xlprofit.errors import XlprofitError
from xlprofit.formulas.chosen import CHOSEN_PLACE
from xlprofit.ooxml import read as reading
from xlprofit.ooxml.chosen import read_chosen_cell
from xlprofit.ooxml.package import list_sheet_parts, open_package
from xlprofit.ooxml.put import put_result_sheets
from xlprofit.rules import Checked, check_tables
from xlprofit.sheets import names
from xlprofit.sources.files import find_files
from xlprofit.sources.secrets import is_secret_place
from xlprofit.sources.sheet import build_listed_source, list_sources
from xlprofit.sources.spec import Source
from xlprofit.tables import Raw

counted: Counter[str] = Counter()
"""What became of the inputs, in a word each."""

_seen: set[int] = set()


def reader(data: bytes) -> None:
    """Read a workbook by cells and by columns, and check it: both ways must come to the same."""
    with tempfile.TemporaryDirectory() as folder:
        path = packed(data, Path(folder) / "book.xlsx")
        by_cells, by_columns = _read(path, 1 << 60), _read(path, 0)
    if isinstance(by_cells, str) or isinstance(by_columns, str):
        assert by_cells == by_columns, (by_cells, by_columns)
        counted["refused"] += 1
        return
    held = hash(tuple((name, raw.row, raw.column, str(raw.frame.values)) for name, raw in by_cells.items()))
    counted["read"] += 1
    if held not in _seen:
        _seen.add(held)
        _same(check_tables(by_cells), check_tables(by_columns))
        counted["checked"] += 1


def _read(path: Path, long: int) -> dict[str, Raw] | str:
    """Return the tables, those on sheets of so many bytes read by columns; or the one line that refuses them."""
    try:
        with mock.patch.object(reading, "LONG", long):
            return reading.read_input_tables(path)
    except XlprofitError as error:
        assert "\n" not in str(error)
        return str(error)


def _same(one: Checked, other: Checked) -> None:
    assert list(map(str, one[1])) == list(map(str, other[1]))
    assert (one[0] is None) == (other[0] is None)
    if one[0] is not None and other[0] is not None:
        for name, frame in one[0].frames.items():
            pd.testing.assert_frame_equal(frame, other[0].frames[name], obj=name)


def writer(data: bytes) -> None:
    """Put sheets into a workbook: all that is not ours goes over as it is, or the folder stays as it was."""
    with tempfile.TemporaryDirectory() as folder:
        source = packed(data, Path(folder) / "book.xlsx")
        before = source.read_bytes()
        target = Path(folder) / "out.xlsx"
        try:
            put_result_sheets(source, target, described)
        except XlprofitError as error:
            assert "\n" not in str(error)
            assert [p.name for p in Path(folder).iterdir()] == ["book.xlsx"]
            assert source.read_bytes() == before
            counted["refused"] += 1
            return
        assert source.read_bytes() == before
        _look_at(source, target)
        written = target.read_bytes()
        put_result_sheets(target, None, described)
        assert target.read_bytes() == written
    counted["written"] += 1


def _look_at(source: Path, target: Path) -> None:
    """Assert that a workbook has the sheets that it had and ours, and every other part as it was."""
    with open_package(source) as book:
        names = [sheet.name for sheet in list_sheet_parts(book)]
    with open_package(target) as book:
        found = [sheet.name for sheet in list_sheet_parts(book)]
        assert found[: len(names)] == names
        assert {name.casefold() for name in OWN} <= {name.casefold() for name in found}
        own = [sheet.part for sheet in list_sheet_parts(book) if sheet.name in OWN]
    with zipfile.ZipFile(target) as whole:
        for name in own:
            ElementTree.fromstring(whole.read(name))
    old, new = compressed(source), compressed(target)
    if not {name.casefold() for name in OWN} & {name.casefold() for name in names}:
        gone = {name for name in old if name not in new}
        assert all("calcChain" in n or "signature" in n.lower() for n in gone), gone
        assert {n: p for n, p in new.items() if n in old and n not in LISTS} == {
            n: p for n, p in old.items() if n not in LISTS and n not in gone
        }


def refresher(data: bytes) -> None:
    """Refresh a workbook, with Look-up, and once more: written whole and the same again, or all as it was."""
    with tempfile.TemporaryDirectory() as folder:
        path = packed(data, Path(folder) / "book.xlsx")
        before, spoilt = path.read_bytes(), _list_spoilt_parts(path)
        try:
            xlprofit.refresh(path)
        except XlprofitError as error:
            assert "\n" not in str(error)
            assert path.read_bytes() == before
            assert [p.name for p in Path(folder).iterdir()] == ["book.xlsx"]
            counted["refused"] += 1
            return
        once = path.read_bytes()
        assert _list_spoilt_parts(path) <= spoilt
        xlprofit.refresh(path)
        assert path.read_bytes() == once
        assert [p.name for p in Path(folder).iterdir()] == ["book.xlsx"]
    counted["refreshed"] += 1


def _list_spoilt_parts(path: Path) -> set[str]:
    """Return the parts of a package that cannot be unpacked; where nobody reads one it goes over as it is."""
    spoilt = set()
    with suppress(zipfile.BadZipFile), zipfile.ZipFile(path) as whole:
        for name in whole.namelist():
            try:
                whole.read(name)
            except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError):
                spoilt.add(name)
    return spoilt


def chooser(data: bytes) -> None:
    """Read a cell of a sheet of ours, whatever stands on it: it is read, or counts as blank."""
    with tempfile.TemporaryDirectory() as folder:
        path = packed(data, Path(folder) / "book.xlsx")
        try:
            there, cell = read_chosen_cell(path, (names.CUSTOMER, "Sales"), *CHOSEN_PLACE)
        except XlprofitError as error:
            assert "\n" not in str(error)
            counted["refused"] += 1
            return
        assert cell is None or isinstance(cell, str | float | bool)
        assert there or cell is None
    counted["read"] += 1


def split_cells(data: bytes) -> list[list[str]]:
    """Return an input as rows of cells, parted by line ends and tabs."""
    return [line.split("\t") for line in data.decode("utf-8", "replace").split("\n")]


def settings(data: bytes) -> None:
    """Read a table Settings beside two plain sales: its rows are taken, or findings say why not."""
    rows = [(*cells, "", "")[:2] for cells in split_cells(data)]
    frame = pd.DataFrame(rows, columns=["setting", "value"], dtype=object)
    raws = {"Sales": _SALES, "Settings": Raw("Settings", "Settings", frame)}
    inputs, findings = check_tables(raws)
    assert all("\n" not in str(finding) for finding in findings)
    assert inputs is not None or any(finding.severity == "stop" for finding in findings)
    counted["read" if inputs is not None else "refused"] += 1


_SALES = Raw(
    "Sales",
    "Sales",
    pd.DataFrame(
        {
            "date": [date(2024, 1, 31)] * 2,
            "customer": ["A", "B"],
            "gross_revenue": [5.0, 6.0],
            "cogs": [1.0, 2.0],
        }
    ),
)

SOURCES = ("table", "source", "query", "mapping", "password", "options", "time_limit", "profile")


def sources(data: bytes) -> None:
    """Read rows of a table Sources: each names nothing that it may not, or is refused in a line.

    Whatever was read names no server, no share, and no secret but those kept for it; what a path would be is looked for
    in a folder of nothing. Most inputs are read row by row, past the frame of the table, which is fast.
    """
    rows = [(["Sales", *cells] + [""] * len(SOURCES))[: len(SOURCES)] for cells in split_cells(data)]
    outcomes: Counter[str] = Counter()
    for row in rows:
        cells = dict(zip(SOURCES, row, strict=True)) | {"table": "Sales", "time_limit": "5"}
        try:
            verify_source(build_listed_source(cells, _NOWHERE, row[-1]))
            outcomes["read"] += 1
        except XlprofitError as error:
            assert "\n" not in str(error)
            outcomes["refused"] += 1
    if hash(data) % 200 == 0:
        frame = pd.DataFrame(rows, columns=list(SOURCES), dtype=object)
        with suppress(XlprofitError):
            list_sources(Raw("Sources", "Sources", frame), _NOWHERE)
    counted["read" if outcomes["read"] else "refused"] += 1


def verify_source(source: Source) -> None:
    """Assert that a source of a workbook names nothing that it may not, and look for its files."""
    address = source.address.removeprefix("spark:").strip()
    assert "://" not in address, address
    assert not re.match(r"[\\/]{2}(?![?.][\\/]+[A-Za-z]:[\\/]?)", address), address
    if is_secret_place(source.address):
        assert re.match(r"(?i)env:XLPROFIT_|keyring:xlprofit(/|$)", source.address), address
    elif not address.startswith(("/", "~")) and ".." not in address:
        find_files(source)


_NOWHERE = Path(tempfile.gettempdir()) / "xlprofit-fuzz-nowhere"

TARGETS: dict[str, Callable[[bytes], None]] = {
    "reader": reader,
    "writer": writer,
    "refresher": refresher,
    "chooser": chooser,
    "settings": settings,
    "sources": sources,
}
PLAIN = ("settings", "sources")
"""Targets whose inputs are lines of cells, and no workbooks."""

SEEDS_OF_CELLS: dict[str, tuple[bytes, ...]] = {
    "settings": (
        b"currency\tEUR\nperiod\tmonth\nstart\t2024-01-01\nend\t2024-12-31",
        b"cost_of_capital\t9 %\nwindow\t18\nlanguage\tfi\nconfidence\t0.8\nretention\t0.9",
        b"as_of\t31.12.2024\nrelationship\tcontract\nhorizon\t5\ncurrency\t$",
    ),
    "sources": (
        b"sales.csv\t\tcustomer=cust_no; gross_revenue=net\t\tdelimiter=; decimal=,\t60",
        b"postgresql://me@db.example/books?sslmode=require\tsales\t\tenv:XLPROFIT_KEY",
        b"sales/**/*.parquet\nenv:XLPROFIT_BOOKS\tsales\nkeyring:xlprofit/books\n\\\\server\\share\\a.csv",
        b"spark:hdfs://host/a\t\t\t\tmaster=spark://h:7077\n~nobody/x.csv\nbook.xlsx#Orders\na**b/[x].csv",
    ),
}
"""What the inputs of those begin as."""
