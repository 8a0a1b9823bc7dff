"""A refresh of workbooks by others: every part that is not ours is the same, byte for byte, and works the same."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from tests.drawn import SHEETS_OF_ANY
from tests.lossless.audit import faults
from tests.lossless.books import MAKERS, ROWS, packed, parts_of
from tests.lossless.newer import by_newer_excels
from tests.lossless.office import shown, worksheets
from tests.needs import needs_soffice, takes_minutes
from tests.packages import sheets_of
from xlprofit.formulas import SHEET as RESULTS_SHEET
from xlprofit.workflow import refresh

pytestmark = takes_minutes

OURS = (*SHEETS_OF_ANY, RESULTS_SHEET)
LISTS = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
"""The parts that must name what is ours."""

CORPUS = {**MAKERS, "newer excels": ("xlsx", by_newer_excels)}
"""What makes each workbook of the corpus, with the ending of its name."""

KINDS = {
    "charts": b"drawingml.chart+xml",
    "chart sheets": b"spreadsheetml.chartsheet+xml",
    "connections": b"spreadsheetml.connections+xml",
    "custom properties": b"custom-properties+xml",
    "custom XML": b"customXmlProperties+xml",
    "data models": b"model+data",
    "dynamic arrays": b"sheetMetadata+xml",
    "labels of sensitivity": b"classificationlabels+xml",
    "macros": b"vnd.ms-office.vbaProject",
    "notes": b"spreadsheetml.comments+xml",
    "pictures": b"image/png",
    "pivot caches": b"pivotCacheDefinition+xml",
    "pivot tables": b"pivotTable+xml",
    "printers": b"spreadsheetml.printerSettings",
    "slicers": b"ms-excel.slicer+xml",
    "caches of slicers": b"ms-excel.slicerCache+xml",
    "tables": b"spreadsheetml.table+xml",
    "threaded comments": b"ms-excel.threadedcomments+xml",
    "web extensions": b"ms-office.webextension+xml",
}
"""What the workbooks of the corpus have in them, by the content type that says so."""

IN_SHEETS = (
    "x14:sparklineGroup",
    "x14:slicerList",
    "x14:conditionalFormatting",
    "dataValidation",
    "sheetProtection",
)
"""What their sheets have in them."""


class Pair(NamedTuple):
    """A workbook before and after its first refresh, and again after many."""

    before: Path
    after: Path
    later: Path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder in which all workbooks of the corpus are."""
    return tmp_path_factory.mktemp("corpus")


MADE_BY_LIBREOFFICE = pytest.param("libreoffice", marks=needs_soffice)


@pytest.fixture(
    scope="module", params=[*(name for name in CORPUS if name != "libreoffice"), MADE_BY_LIBREOFFICE]
)
def pair(request: pytest.FixtureRequest, folder: Path) -> Pair:
    """Make a workbook, refresh a copy of it, and a copy of that again."""
    return made(request.param, folder)


@cache
def made(name: str, folder: Path) -> Pair:
    ending, make = CORPUS[name]
    stem = name.replace(", ", "-")
    before = make(folder / f"{stem}-before.{ending}")
    after = Path(shutil.copy(before, folder / f"{stem}-after.{ending}"))
    assert refresh(after).losses == ()
    later = Path(shutil.copy(after, folder / f"{stem}-later.{ending}"))
    refresh(later)
    return Pair(before, after, later)


def test_every_part_that_is_not_ours_is_the_same_as_compressed(pair: Pair) -> None:
    before, after = packed(pair.before), packed(pair.after)
    changed = {name for name, found in before.items() if after.get(name) != found}
    assert changed <= LISTS | {"xl/calcChain.xml"}
    assert [name for name in after if name in before] == [name for name in before if name in after]
    assert set(before) - set(after) <= {"xl/calcChain.xml"}


def test_the_corpus_has_what_users_have(folder: Path) -> None:
    books = [parts_of(made(name, folder).after) for name in CORPUS if name != "libreoffice"]
    types = b"".join(parts["[Content_Types].xml"] for parts in books)
    assert [kind for kind, said in KINDS.items() if said not in types] == []
    sheets = b"".join(xml for parts in books for name, xml in parts.items() if "xl/worksheets/sheet" in name)
    assert [tag for tag in IN_SHEETS if f"<{tag}".encode() not in sheets] == []


def test_again_refreshed_not_a_byte_is_different(pair: Pair) -> None:
    assert pair.later.read_bytes() == pair.after.read_bytes()


def test_the_lists_hold_all_that_they_held(pair: Pair) -> None:
    before, after = parts_of(pair.before), parts_of(pair.after)
    for name in LISTS:
        old, new = ElementTree.fromstring(before[name]), ElementTree.fromstring(after[name])
        assert missing(old, new) == [], name


def missing(old: ElementTree.Element, new: ElementTree.Element) -> list[str]:
    """Return what an element had and has no more, or not in the same order; but for what we must change."""
    lost = []
    places = iter(new)
    for child in old:
        if "calcChain" in (child.get("Type", "") + child.get("PartName", "")):
            continue
        found = next((other for other in places if like(child, other)), None)
        if found is None:
            lost.append(ElementTree.tostring(child).decode()[:200])
        else:
            lost += missing(child, found)
    return lost


def like(child: ElementTree.Element, other: ElementTree.Element) -> bool:
    free = {"count", "fullCalcOnLoad"}
    old = {k: v for k, v in child.items() if k not in free}
    same = old == {k: v for k, v in other.items() if k not in free}
    return child.tag == other.tag and same and (child.text or "") == (other.text or "")


def test_the_types_and_the_arrows_fit_the_parts(pair: Pair) -> None:
    parts = parts_of(pair.after)
    types = ElementTree.fromstring(parts["[Content_Types].xml"])
    named = [e.get("PartName", "").lstrip("/") for e in types if e.get("PartName")]
    endings = {e.get("Extension", "").lower() for e in types if e.get("Extension")}
    assert sorted(named) == sorted(set(named))
    before = parts_of(pair.before)
    assert {n for n in named if n not in parts} <= {n for n in named if n not in before}
    assert all(
        n in named or n.rpartition(".")[2].lower() in endings for n in parts if n != "[Content_Types].xml"
    )
    assert set(OURS) <= set(sheets_of(parts))
    assert len({name.lower() for name in parts}) == len(parts)


def test_others_read_it_and_find_their_sheets_first(pair: Pair) -> None:
    old, new = load_workbook(pair.before), load_workbook(pair.after)
    assert new.sheetnames == [*old.sheetnames, *OURS]
    assert new.active is not None
    assert old.active is not None
    assert new.active.title == old.active.title
    for name in old.sheetnames:
        if name in old:
            assert new[name].sheet_state == old[name].sheet_state


def test_an_audit_finds_nothing_new(pair: Pair) -> None:
    assert faults(pair.after) <= faults(pair.before)


@needs_soffice
def test_libreoffice_calculates_the_same_on_every_sheet_of_the_users(folder: Path) -> None:
    pairs = [made(name, folder) for name in CORPUS]
    sheets = {path: worksheets(pair.before) for pair in pairs for path in (pair.before, pair.after)}
    found = shown(list(sheets), sheets)
    for pair in pairs:
        before, after = found[pair.before], found[pair.after]
        if "Pointing" in before:  # it asks for what was not there before
            assert [before.pop("Pointing")[0][0], after.pop("Pointing")[0][0]] == ["none yet", "Customer P&L"]
        assert before == after, pair.before
        assert len(before["Sales"]) > len(ROWS)
