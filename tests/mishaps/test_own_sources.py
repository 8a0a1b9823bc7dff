"""No command writes over what a workbook's figures are read from, nor a file that would be read with it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import xlprofit
from tests.bad_input.plain import drawn, put
from xlprofit.calc.package import build_extension
from xlprofit.calc.translation import translate_workbook
from xlprofit.closing import close_period
from xlprofit.comparing import compare_workbooks
from xlprofit.cubes import cube
from xlprofit.errors import FileError
from xlprofit.lite import embedding
from xlprofit.read_files import refuse_copy_over_source, refuse_read_files
from xlprofit.report import ReportRequest, write_report
from xlprofit.sources import files
from xlprofit.workflow import clear

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the links of another system")

PROFILE = """
[[tables]]
table = "Invoices"
heads = { sheet = "h", header = "No", own = "No", file = "heads.csv" }
[tables.columns]
invoice = "No"
"""

NAMED = (
    ("Customers", "customers.xlsx#List", ""),
    ("Resources", "folder", ""),
    ("ActivityLog", "log/2024-*/*.csv", ""),
    ("Activities", "any/**/x?.parquet", ""),
    ("Prospects", "env:XLPROFIT_PROSPECTS", ""),
    ("Invoices", "invoices/lines.csv", PROFILE),
    ("Commissions", "env:XLPROFIT_NOTHING", ""),
    ("DirectCosts", "postgresql://db/costs", ""),
    ("Balances", "~nobody-is-called-so/balances.csv", ""),
)

READ = (
    *("book.xlsx", "customers.xlsx", "link.xlsx", "second.xlsx", "folder/a.csv", "outside.csv"),
    *("log/2024-1/x.csv", "any/x1.parquet", "any/b/c/x1.parquet", "prospects.html", "invoices/lines.csv"),
    *("invoices/heads.csv", "book.closed-2024-01.parquet", "given.csv"),
)
"""Files that are read, by whatever name and link."""

LATER = ("folder/b.csv", "folder/deep/b.parquet", "log/2024-2/new.csv", "any/new/x2.parquet")
"""Files that are not there and would be read if they were."""

FREE = (
    *(
        "other.xlsx",
        "folder/b.xlsx",
        "folder/_b.csv",
        "log/2023-1/x.csv",
        "log/2024-1/deep/x.csv",
        "log/2024-1",
    ),
    *(
        "any/y1.parquet",
        "any/x11.parquet",
        "invoices/other.csv",
        "book-2.closed-2024-01.parquet",
        "given.xlsx",
    ),
)


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workbook with all kinds of sources; what is read holds its own name."""

    def draw(workbook: object, sheet: object) -> None:
        put(sheet)
        sources = workbook.add_worksheet("Sources")  # type: ignore[attr-defined]  # XlsxWriter ships no types
        sources.write_row(0, 0, ("table", "source", "profile"))
        for at, row in enumerate(NAMED, 1):
            sources.write_row(at, 0, row)

    monkeypatch.setenv("XLPROFIT_PROSPECTS", str(tmp_path / "prospects.html"))
    for name in ("outside.csv", *READ[1:]):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name == "link.xlsx":
            path.symlink_to(tmp_path / "customers.xlsx")
        elif name == "second.xlsx":
            path.hardlink_to(tmp_path / "customers.xlsx")
        else:
            path.write_text(name)
    (tmp_path / "folder" / "linked.csv").symlink_to(tmp_path / "outside.csv")
    return drawn(tmp_path / "book.xlsx", draw)


def test_what_is_read_or_would_be_is_told_from_what_is_not(book: Path) -> None:
    given = [f"Sales={book.with_name('given.csv')}"]
    for names, said in ((READ, "is what the figures are read from"), (LATER, "would be read as part of it")):
        for name in names:
            with pytest.raises(FileError, match=said) as told:
                refuse_read_files([book.with_name("first.csv"), book.parent / name], book, given)
            assert "\n" not in str(told.value) and Path(name).name in str(told.value)
    refuse_read_files([book.parent / name for name in FREE], book, given)
    refuse_copy_over_source(book, None, given)
    refuse_copy_over_source(book, book, given)


Write = Callable[[Path, Path], object]

WRITERS: dict[str, tuple[Write, str]] = {
    "refresh": (lambda book, out: xlprofit.refresh(book, out), "customers.xlsx"),
    "clear": (lambda book, out: clear(book, out), "link.xlsx"),
    "embed": (lambda book, out: embedding.embed_lite_code(book, out), "customers.xlsx"),
    "translate": (lambda book, out: translate_workbook(book, out, to="calc"), "customers.xlsx"),
    "report": (lambda book, out: write_report(book, out), "prospects.html"),
    "cube": (lambda book, out: cube(out, [f"Sales={out}"]), "customers.xlsx"),
    "compare": (lambda book, out: compare_workbooks(book, book, out), "customers.xlsx"),
}


@pytest.mark.parametrize("command", WRITERS)
def test_no_command_writes_over_a_source(command: str, book: Path) -> None:
    write, name = WRITERS[command]
    before = {path: path.read_bytes() for path in book.parent.rglob("*") if path.is_file()}
    with pytest.raises(FileError, match=r"read from|there already"):
        write(book, book.parent / name)
    assert {path: path.read_bytes() for path in book.parent.rglob("*") if path.is_file()} == before


def test_what_is_named_only_later_is_held_against_the_sources_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A closed period, a pack of reports and extracted code: their files are known when the figures are."""
    folder = tmp_path / "sales"
    folder.mkdir()
    (folder / "2024.txt").write_text("date;customer;gross_revenue;cogs\n2024-01-10;A;10;5\n")

    def draw(workbook: object, sheet: object) -> None:
        sheet.write_row(0, 0, ("customer", "owner"))  # type: ignore[attr-defined]  # XlsxWriter ships no types
        sheet.write_row(1, 0, ("A", "Ann"))  # type: ignore[attr-defined]
        sources = workbook.add_worksheet("Sources")  # type: ignore[attr-defined]
        sources.write_row(0, 0, ("table", "source"))
        sources.write_row(1, 0, ("Sales", str(folder)))
        sheet.name = "Customers"  # type: ignore[attr-defined]

    book = drawn(folder / "book.xlsx", draw)
    with pytest.raises(FileError, match="as part of it the next time"):
        close_period(book, "2024-01")
    packs = write_report(
        book, folder, ReportRequest(by="owner")
    ).paths  # a page of HTML is not read in a folder
    assert [path.name for path in packs] == ["Ann.html"]
    monkeypatch.setattr(
        embedding, "read_lite_code", lambda book: embedding.LiteCode({"requirements.txt": ""})
    )
    with pytest.raises(FileError, match="as part of it the next time"):
        embedding.extract_lite_code(book, folder)
    assert sorted(path.name for path in folder.iterdir()) == ["2024.txt", "Ann.html", "book.xlsx"]


def test_many_any_folders_in_a_pattern_are_looked_through_at_once() -> None:
    names = (*["**"] * 60, "x.csv")
    parts = ["a"] * 200
    assert files._fits_pattern((*parts, "x.csv"), names)
    assert not files._fits_pattern((*parts, "y.csv"), names)


def test_an_extension_is_written_over_nothing_of_another_name(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    book.write_text("mine")
    with pytest.raises(FileError, match=re.escape("book.xlsx is no name for an extension. Call it book.oxt")):
        build_extension(book)
    assert book.read_text() == "mine"
