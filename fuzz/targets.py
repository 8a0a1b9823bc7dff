"""What must hold of any input: the reader tells it or reads it, the writer writes it whole or leaves all as it was."""

from __future__ import annotations

import tempfile
import zipfile
from collections import Counter
from pathlib import Path
from unittest import mock
from xml.etree import ElementTree

import pandas as pd

from fuzz.packages import packed
from tests.lossless.books import packed as compressed
from tests.lossless.test_put import LISTS, OWN, described
from xlprofit.checks import Checked, check_tables
from xlprofit.errors import XlprofitError
from xlprofit.tables import Raw
from xlprofit.workbook import read as reading
from xlprofit.workbook.package import list_sheet_parts, open_package
from xlprofit.workbook.put import put_result_sheets

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


TARGETS = {"reader": reader, "writer": writer}
