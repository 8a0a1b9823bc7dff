"""A refresh of workbooks by others: every part that is not ours is the same, byte for byte, and works the same."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook
from openxml_audit import OpenXmlValidator  # type: ignore[import-untyped]  # it ships no types

from tests.lossless.books import MAKERS, packed, parts_of
from tests.needs import SOFFICE, needs_soffice
from tests.packages import sheets_of, uncalculated
from xlprofit.formulas import SHEET as RESULTS_SHEET
from xlprofit.run import refresh
from xlprofit.sheets import names

OURS = (*names.ORDER, RESULTS_SHEET)
LISTS = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
"""The parts that must name what is ours."""

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


class Pair(NamedTuple):
    """A workbook before and after its first refresh, and again after many."""

    before: Path
    after: Path
    later: Path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder in which all workbooks of the corpus are."""
    return tmp_path_factory.mktemp("corpus")


@pytest.fixture(scope="module", params=MAKERS)
def pair(request: pytest.FixtureRequest, folder: Path) -> Pair:
    """Make a workbook, refresh a copy of it, and a copy of that again."""
    return made(request.param, folder)


@cache
def made(name: str, folder: Path) -> Pair:
    ending, make = MAKERS[name]
    if name == "libreoffice" and SOFFICE is None:
        pytest.skip("LibreOffice (soffice) is not installed")
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


def faults(path: Path) -> set[str]:
    """Return the kinds of fault that an audit finds, by sheet of the user's or as ours."""
    found = OpenXmlValidator().validate(path).errors
    # That Excel will move texts from their cells to a list of them is no fault, and Excel's own affair.
    told = [e for e in found if "inline-string" not in e.description]
    return {re.sub(r"\d+|\[\d+\]", "", f"{e.part_uri}: {e.description}") for e in told}


def test_an_audit_finds_nothing_new(pair: Pair) -> None:
    assert faults(pair.after) <= faults(pair.before)


@needs_soffice
def test_libreoffice_calculates_the_same_on_every_sheet_of_the_users(folder: Path, tmp_path: Path) -> None:
    pairs = [made(name, folder) for name in MAKERS]
    sources = [tmp_path / path.name for pair in pairs for path in (pair.before, pair.after)]
    for source in sources:
        uncalculated(folder / source.name, source)  # LibreOffice trusts a value that is there
    with tempfile.TemporaryDirectory(prefix="xlprofit-lo-") as profile:
        command = [str(SOFFICE), f"-env:UserInstallation={Path(profile).as_uri()}", "--headless"]
        command += ["--convert-to", "ods", "--outdir", str(tmp_path), *map(str, sources)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
    for pair in pairs:
        sheets = [s for s in load_workbook(pair.before).sheetnames if s != "Picture"]
        before, after = (ods_cells(tmp_path / f"{p.stem}.ods", sheets) for p in (pair.before, pair.after))
        if "Pointing" in sheets:  # it asks for what was not there before
            pointing = before.pop("Pointing"), after.pop("Pointing")
            assert [cells[0][-1] for cells in pointing] == ["none yet", "Customer P&L"]
        assert before == after, pair.before
        assert len(before["Sales"]) > 100


def ods_cells(path: Path, sheets: Collection[str]) -> dict[str, list[tuple[object, ...]]]:
    """Return the cells of some sheets as LibreOffice saved them: what they hold, what it comes to, how it reads."""
    with zipfile.ZipFile(path) as book:
        root = ElementTree.fromstring(book.read("content.xml"))
    found: dict[str, list[tuple[object, ...]]] = {}
    for table in root.iter(f"{TABLE}table"):
        name = table.get(f"{TABLE}name", "")
        if name in sheets:
            found[name] = [
                (
                    *sorted((k, v) for k, v in cell.items() if not k.endswith("style-name")),
                    "".join(text for part in cell for text in part.itertext() if part.tag.endswith("}p")),
                )
                for cell in table.iter(f"{TABLE}table-cell")
            ]
    assert set(found) == set(sheets)
    return found
