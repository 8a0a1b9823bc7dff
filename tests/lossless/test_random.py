"""Random workbooks: whatever is in them, a refresh leaves every part that is not ours as it is, again and again."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl.styles import Border, Font, PatternFill, Side

from tests.lossless.audit import faults
from tests.lossless.books import packed, parts_of
from tests.lossless.office import shown, worksheets
from tests.lossless.test_put import LISTS, described
from tests.needs import examples, needs_soffice
from tests.packages import cells_of
from xlprofit.ooxml.put import put_result_sheets

Styled = tuple[object, str, bool, str]

values = st.one_of(
    st.none(), st.booleans(), st.floats(-1e12, 1e12), st.text("ab<&é€ \u8868'\"", max_size=8), st.just("=1+1")
)
styles = st.tuples(
    st.sampled_from(["General", "0.0%", '#,##0" €"', '0"x"']),
    st.booleans(),
    st.sampled_from(["FF0000", "00FF00"]),
)
cells = st.dictionaries(
    st.tuples(st.integers(1, 9), st.integers(1, 5)), st.tuples(values, styles), max_size=12
)
sheet_names = st.text("Aé -.&'x9", min_size=1, max_size=12).filter(lambda n: n.strip(" '") == n)
books = st.dictionaries(sheet_names, cells, min_size=1, max_size=4).filter(
    lambda b: len({n.casefold() for n in b}) == len(b)
)
figures = st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=2)
strays = st.dictionaries(st.text("abc", min_size=1, max_size=3), st.binary(max_size=200), max_size=3)


def made(path: Path, book: dict[str, Any], stray: dict[str, bytes], level: int) -> Path:
    """Make a workbook with these cells, and with parts that nobody knows, compressed in some way."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, filled in book.items():
        sheet = workbook.create_sheet(name)
        for (row, column), (value, (code, bold, colour)) in filled.items():
            cell: Any = sheet.cell(row, column, value)
            cell.number_format, cell.font = code, Font(bold=bold, color=colour)
            cell.fill = PatternFill("solid", fgColor=colour)
            cell.border = Border(top=Side(style="thin" if bold else None))
    workbook.save(path)
    parts = parts_of(path)
    kind = zipfile.ZIP_STORED if level == 0 else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(path, "w", kind, compresslevel=level) as target:
        for name, content in (parts | {f"stray/{n}.bin": c for n, c in stray.items()}).items():
            target.writestr(name, content)
    return path


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    books,
    strays,
    st.integers(0, 9),
    figures,
    figures,
)
def test_what_is_not_ours_stays_and_nothing_grows(
    book: dict[str, Any], stray: dict[str, bytes], level: int, first: list[float], second: list[float]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = made(Path(folder) / "book.xlsx", book, stray, level)
        before, held = packed(path), cells_of(path, list(book), formulas=True)
        put_result_sheets(path, None, lambda existing: described(existing, first))
        once = path.read_bytes()
        assert {n: p for n, p in packed(path).items() if n in before and n not in LISTS} == {
            n: p for n, p in before.items() if n not in LISTS
        }
        put_result_sheets(path, None, lambda existing: described(existing, second))
        put_result_sheets(path, None, lambda existing: described(existing, first))
        assert path.read_bytes() == once
        assert cells_of(path, list(book), formulas=True) == held
        old, new = dressed(made(Path(folder) / "again.xlsx", book, stray, level), book), dressed(path, book)
        assert old == new


@needs_soffice
def test_an_audit_finds_nothing_new_and_libreoffice_shows_the_same(tmp_path: Path) -> None:
    pairs: list[tuple[Path, Path]] = []

    @settings(
        max_examples=examples(10), deadline=None, derandomize=True, phases=[Phase.generate], database=None
    )
    @given(books, strays, st.integers(0, 9), figures)
    def collect(book: dict[str, Any], stray: dict[str, bytes], level: int, numbers: list[float]) -> None:
        before = made(tmp_path / f"b{len(pairs):02}.xlsx", book, stray, level)
        after = put_result_sheets(
            before, tmp_path / f"a{len(pairs):02}.xlsx", lambda existing: described(existing, numbers)
        )
        assert faults(after.path) <= faults(before)
        pairs.append((before, after.path))

    collect()
    sheets = {path: worksheets(before) for before, after in pairs for path in (before, after)}
    found = shown(list(sheets), sheets)
    for before, after in pairs:
        assert found[after] == found[before]
    assert sum(len(rows) for before, _ in pairs for rows in found[before].values()) > 20


def dressed(path: Path, book: dict[str, Any]) -> list[tuple[object, ...]]:
    """Return how every cell looks."""
    workbook = openpyxl.load_workbook(path)
    found: list[tuple[object, ...]] = []
    for name, filled in book.items():
        for row, column in filled:
            cell: Any = workbook[name].cell(row, column)
            found.append(
                (
                    cell.number_format,
                    cell.font.b,
                    cell.font.color.rgb,
                    cell.fill.fgColor.rgb,
                    cell.border.top.style,
                )
            )
    return found
