"""Sheets as other programs write them, read and changed part by part: columns, names, arrows, locks and leftovers."""

from __future__ import annotations

import datetime as dt
import errno
import fcntl
import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import openpyxl
import pandas as pd
import pytest

from tests.bad_input.plain import GROSS, plain
from tests.lossless.books import change, parts_of
from tests.refusals import figures_of
from xlprofit.errors import FileError
from xlprofit.ooxml import (
    blanking,
    chosen,
    columns,
    handed,
    lock,
    memory,
    package,
    put,
    renames,
    sample,
    saving,
    shape,
)
from xlprofit.ooxml.read import read_input_tables
from xlprofit.ooxml.remembering import remember_sources
from xlprofit.ooxml.renaming import redirect_parts
from xlprofit.tables import Raw

SHEET, TEXTS, BOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return plain(tmp_path / "book.xlsx")


# --- what points at a sheet ----------------------------------------------------------------------------


def test_whatever_points_at_a_renamed_sheet_points_at_its_new_name(path: Path) -> None:
    pointing = (
        f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1"><f>Dashboard!A1&amp;"Dashboard!"</f></c></row>'
        '</sheetData><hyperlinks><hyperlink ref="A1" location="Dashboard!A1"/><hyperlink ref="A2" '
        "location='&apos;Dashboard&apos;!A1'/></hyperlinks></worksheet>"
    ).encode()
    source = (
        b'<pivotCacheDefinition><cacheSource><worksheetSource ref="A1:B2" sheet="Dashboard"/></cacheSource>'
    )
    others = b'<x><worksheetSource sheet="My Dashboard"/></x>'
    arrows = (
        b'<Relationships><Relationship Id="r" Target="#Dashboard!A1" TargetMode="External"/></Relationships>'
    )
    added = {
        "xl/worksheets/sheet9.xml": pointing,
        "xl/pivotCache/pivotCacheDefinition1.xml": source,
        "xl/other.xml": others,
        "xl/drawings/_rels/drawing9.xml.rels": arrows,
        "docProps/app.xml": b"<x>Dashboard</x>",
    }
    change(path, {name: lambda _old, content=content: content for name, content in added.items()})  # type: ignore[misc]
    with package.open_package(path) as book:
        found = dict(redirect_parts(book, {"Dashboard": "Jo'hto"}, {"xl/left.xml"}))
    assert found.keys() == added.keys() - {"xl/other.xml", "docProps/app.xml"}
    sheet = found["xl/worksheets/sheet9.xml"].decode()
    assert "<f>'Jo''hto'!A1&amp;\"Dashboard!\"</f>" in sheet
    assert "location=\"'Jo''hto'!A1\"" in sheet and sheet.count("Jo") + sheet.count("Dashboard") == 4
    assert ElementTree.fromstring(sheet) is not None
    assert b'sheet="Jo\'hto"' in found["xl/pivotCache/pivotCacheDefinition1.xml"]
    assert b"\"#'Jo''hto'!A1\"" in found["xl/drawings/_rels/drawing9.xml.rels"]


# --- chosen cells, fingerprints, sources that are remembered -------------------------------------------


def test_a_text_of_a_hundred_thousand_pieces_is_read_in_no_time(path: Path) -> None:
    change(path, {TEXTS: lambda old: old.replace(b"<t>C1</t>", b"<t>" + b"&amp;" * 100_000 + b"</t>")})
    with package.open_package(path) as book:
        texts = re.findall(rb"<t[^>]*>(&?)", book.read(TEXTS))
        begun = time.process_time()
        assert chosen._read_shared_text(book, texts.index(b"&")) == "&" * chosen.MOST_LETTERS
        assert chosen._read_shared_text(book, len(texts)) == ""
        assert time.process_time() - begun < 5  # it took half a minute


def test_a_workbook_without_shared_texts_has_none(path: Path) -> None:
    parts = parts_of(path)
    arrows = re.sub(rb'<Relationship [^>]*sharedStrings"[^>]*/>', b"", parts["xl/_rels/workbook.xml.rels"])
    change(path, {"xl/_rels/workbook.xml.rels": lambda _: arrows})
    with package.open_package(path) as book:
        assert chosen._read_shared_text(book, 0) == ""


def test_a_fingerprint_is_that_of_the_value_whatever_its_type() -> None:
    def compute(value: object) -> str:
        return sample.compute_row_fingerprints(["x"], [[value]])[0]

    day = pd.Timestamp(2024, 3, 1)
    assert compute(day) == compute(day.date()) == compute(45_352) == compute(45_352.0)
    assert compute(True) == compute(1) and compute("a ") == compute("a")
    assert compute(None) == compute(float("nan")) == compute(pd.NaT) == compute(pd.NA) == compute("") == ""
    assert compute((1, 2)) == compute("(1, 2)")


def write_old_sources(path: Path, ids: str = "7") -> Path:
    """Write a workbook whose table Sources is of before there were profiles."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Sources"
    for row in (("table", "source", "time_limit"), ("Sales", "old.csv", 60), ("Customers", "c.csv", 30)):
        sheet.append(row)
    table = openpyxl.worksheet.table.Table(displayName="Sources", ref="A1:C3")  # type: ignore[attr-defined]
    sheet.add_table(table)
    book.save(path)
    return change(path, {"xl/tables/table1.xml": lambda old: old.replace(b'id="3"', f'id="{ids}"'.encode())})


@pytest.mark.parametrize("ids", ["7", "x", "9" * 5_000])
def test_a_table_of_sources_of_before_gets_the_column_that_it_lacks(ids: str, tmp_path: Path) -> None:
    path, copy = write_old_sources(tmp_path / "old.xlsx", ids), tmp_path / "new.xlsx"
    remember_sources(path, copy, [{"table": "Sales", "source": "new.csv", "profile": "[file]\nx = 1"}])
    frame = read_input_tables(copy)["Sources"].frame
    assert list(frame.columns) == ["table", "source", "time_limit", "profile"]
    kept = {row["table"]: (row["source"], row["time_limit"], row["profile"]) for _at, row in frame.iterrows()}
    assert kept["Customers"][:2] == ("c.csv", 30.0) and kept["Sales"][::2] == ("new.csv", "[file]\nx = 1")
    table = ElementTree.fromstring(parts_of(copy)["xl/tables/table1.xml"])
    numbers = [e.get("id") for e in table.iter() if e.tag.endswith("}tableColumn")]
    assert len(numbers) == 4 == len(set(numbers))


def test_a_workbook_that_cannot_remember_says_so(path: Path, tmp_path: Path) -> None:
    with pytest.raises(FileError) as caught:
        remember_sources(path, tmp_path / "new.xlsx", [])
    assert figures_of(caught.value)["path"] == str(path)


def test_blanked_rows_keep_what_stands_beside_them_and_the_looks_that_are_their_own() -> None:
    sheet = (
        b'<worksheet><cols><col min="1" max="2" style="3"/><col min="3" max="3"/></cols><sheetData>'
        b'<row r="2"><c r="A2" s="3"><v>1</v></c><c s="5"><v>2</v></c><c><v>3</v></c></row></sheetData></worksheet>'
    )
    found = blanking.blank_row_cells(sheet, (1, 2), (2,), {})
    assert re.findall(rb"<c(?: [^>]*)?>", found) == [b'<c r="B2" s="5"/>', b'<c r="C2">']
    assert b"<v>3</v>" in found and b"<v>1</v>" not in found


# --- readers of cells ----------------------------------------------------------------------------------


class PanicException(BaseException):  # as calamine calls it
    """What calamine raises where it has made a mistake."""


@pytest.mark.parametrize(
    ("error", "raised"),
    [(PanicException(), FileError), (OSError("gone"), FileError), (KeyboardInterrupt(), KeyboardInterrupt)],
)
def test_what_a_reader_of_cells_raises_is_damage(
    error: BaseException, raised: type[BaseException], path: Path
) -> None:
    with pytest.raises(raised), handed.guard_cell_reader(path):
        raise error


def test_a_reader_of_columns_that_panics_leaves_it_to_the_reader_of_cells(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors: list[BaseException] = [PanicException(), KeyboardInterrupt()]

    def fail(*_given: object) -> None:
        raise errors.pop(0)

    monkeypatch.setattr(columns.Book, "_load_batch", fail)
    assert columns.Book(path).read("Sales", 1) is None
    with pytest.raises(KeyboardInterrupt):
        columns.Book(path).read("Sales", 1)


def test_columns_under_headers_that_are_no_texts_are_left_to_the_reader_of_cells(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["a", None, 2024])
    book.worksheets[0].append([1, None, 2])
    book.worksheets[0].append([3, None, 4])
    book.save(tmp_path / "book.xlsx")
    reader = columns.Book(tmp_path / "book.xlsx")
    assert reader.read("Sheet", 1) is None
    found = reader.read("Sheet", 1, columns=[1])  # the same workbook, opened once
    assert found is not None and found.headers == ("a",)


def test_a_path_that_is_not_utf_8_is_read(path: Path) -> None:
    other = path.with_name(os.fsdecode(b"\xff\xfe.xlsx"))
    try:
        path.rename(other)
    except OSError:
        pytest.skip("this disk takes names in UTF-8 alone")
    assert not handed.is_utf_8(str(other))
    assert read_input_tables(other)["Sales"].frame["gross_revenue"].sum() == sum(GROSS.values())


def test_formats_of_columns_beside_the_table_are_none_of_its() -> None:
    from xlprofit.ooxml.read import _attach_formats

    raw = Raw("Sales", "Sales", pd.DataFrame({"a": [1, 2]}), 3, column=2)
    rows = np.array([2, 4, 9], dtype=np.int64)
    found = _attach_formats(raw, {2: {"0%": rows}, 7: {"0%": rows}, 1: {"0%": rows[:1]}})
    assert {at: {code: some.tolist() for code, some in by.items()} for at, by in found.formats.items()} == {
        0: {"0%": [0]}
    }


def test_memory_that_no_mac_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    import psutil

    monkeypatch.setattr(psutil, "MACOS", True)
    with pytest.raises(OSError, match="macOS"):
        memory._measure_machine()


# --- parts that openpyxl writes ------------------------------------------------------------------------


def test_notes_keep_the_blanks_at_their_ends_and_frames_their_places() -> None:
    notes = (
        f'<comments xmlns="{MAIN}"><comment><text><t> who </t><t>x</t></text></comment></comments>'.encode()
    )
    _name, content = shape.reshape_part("xl/comments/comment1.xml", notes, b"")
    texts = [e for e in ElementTree.fromstring(content).iter() if e.tag.endswith("}t")]
    said = [(e.text, e.get("{http://www.w3.org/XML/1998/namespace}space")) for e in texts]
    assert said == [(" who ", "preserve"), ("x", None)]
    drawing = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
    frame = f'<wsDr xmlns="{drawing}"><graphicFrame/><graphicFrame><xfrm/></graphicFrame></wsDr>'.encode()
    _name, content = shape.reshape_part("xl/drawings/drawing1.xml", frame, b"")
    assert len(re.findall(rb"<(?:\w+:)?(?:off|ext) ", content)) == 2
    bare = f'<styleSheet xmlns="{MAIN}"><fonts/><fills/></styleSheet>'.encode()
    assert b"font" in shape.reshape_part("xl/styles.xml", bare, b"")[1]


# --- locks, backups and leftovers ----------------------------------------------------------------------


def test_a_lock_that_goes_and_comes_again_is_taken_in_the_end(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark, real, left = path.with_name(".book.xlsx.lock"), os.open, [2]

    def open_late(name: str | Path, flags: int, *mode: int) -> int:
        if Path(name) == mark and flags & os.O_EXCL and left[0]:
            left[0] -= 1
            raise FileExistsError(errno.EEXIST, "there")  # and gone by the next call
        return real(name, flags, *mode)

    monkeypatch.setattr(lock.os, "open", open_late)  # type: ignore[attr-defined]
    with lock.lock_workbook(path):
        assert mark.exists() and left == [0]
    left[0] = 99
    with lock.lock_workbook(path):  # without a lock, in the end: a change meanwhile is seen all the same
        assert not mark.exists()


@pytest.mark.parametrize(
    "put_there", [os.mkfifo, lambda mark: mark.symlink_to("nowhere"), lambda mark: mark.mkdir()]
)
def test_what_is_no_file_in_the_place_of_a_lock(put_there: Callable[[Path], object], path: Path) -> None:
    mark = path.with_name(".book.xlsx.lock")
    put_there(mark)
    with lock.lock_workbook(path):
        pass
    assert mark.is_dir() or not os.path.lexists(mark)


def test_a_lock_that_is_held_is_told_after_its_polls(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "WAIT", 0.001)
    with lock.lock_workbook(path), pytest.raises(FileError), lock.lock_workbook(path):
        pass


def test_a_file_that_another_writes_is_held_and_leftovers_go(path: Path) -> None:
    left = path.with_name(".book.xlsx.0123abcd.new")
    left.write_bytes(b"half")
    with left.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert renames.is_held(str(left))
        saving.remove_leftovers(path)
        assert left.exists()
    saving.remove_leftovers(path)
    assert not left.exists() and not renames.is_held(str(left))


def test_a_backup_takes_the_next_free_name_even_where_one_comes_meanwhile(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (path.with_name(f"book.backup{end}.xlsx") for end in ("", "-2"))
    first.write_bytes(b"of yesterday")
    move = renames.move_to_free_name

    def move_late(old: Path, new: Path) -> None:
        if new == second and not second.exists():
            second.write_bytes(b"somebody was faster")
        move(old, new)

    monkeypatch.setattr(renames, "move_to_free_name", move_late)
    assert put._write_backup(path).name == "book.backup-3.xlsx"
    assert (first.read_bytes(), second.read_bytes()) == (b"of yesterday", b"somebody was faster")

    def fail(_old: Path, _new: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(renames, "move_to_free_name", fail)
    with pytest.raises(FileError):
        put._write_backup(path)


def test_rights_of_a_group_that_is_not_kept_go_to_no_other(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.chmod(0o664)
    known = os.stat_result((0o100664, 0, 0, 1, 0, 54_321, 0, 0, 0, 0))
    monkeypatch.setattr(os, "fchown", lambda *_given: None)
    opened = renames.create_held_file(path.with_name("new"), known)
    assert opened is not None and os.fstat(opened).st_mode & 0o777 == 0o644
    os.close(opened)


def test_a_name_that_is_as_long_as_a_disk_takes_has_a_short_one_beside_it(tmp_path: Path) -> None:
    name = "ä" * 120 + ".xlsx"
    hidden = saving.build_hidden_name(name, ".0123abcd.new")
    assert len(os.fsencode(hidden)) <= 255 and hidden != saving.build_hidden_name(
        "ä" * 119 + "b.xlsx", ".0123abcd.new"
    )
    assert saving.build_hidden_name("book.xlsx", ".new") == ".book.xlsx.new"


@pytest.mark.parametrize("call", ["stat", "read"])
def test_a_file_that_the_system_does_not_give_is_told(
    call: str, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object, **_named: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(Path, "open" if call == "read" else "is_dir", fail)
    with pytest.raises(FileError) as caught:
        saving.read_file_stamp(path) if call == "read" else package._refuse_other_file(path)
    assert figures_of(caught.value)["reason"] == os.strerror(errno.EIO)


def test_a_place_that_cannot_be_looked_at_is_another_place(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object) -> None:
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "samefile", fail)
    assert put.choose_written_file(path, path) == path
    other = path.with_name("other.xlsx")
    other.write_bytes(b"")
    assert put.choose_written_file(path, other) == other
    monkeypatch.setattr(Path, "iterdir", fail)
    with pytest.raises(FileError) as caught:  # no near name can be offered
        package._refuse_other_file(path.with_name("bok.xlsx"))
    assert "book" not in str(caught.value.fix)


def test_a_pipe_is_no_workbook(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xlsx")
    with pytest.raises(FileError) as caught:
        read_input_tables(tmp_path / "pipe.xlsx")
    assert figures_of(caught.value)["path"] == tmp_path / "pipe.xlsx"


def test_what_cannot_go_from_the_place_of_a_lock_is_passed_over(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(path.with_name(".book.xlsx.lock"))

    def fail(_mark: Path) -> None:
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", fail)
        with lock.lock_workbook(path):
            assert path.with_name(".book.xlsx.lock").is_fifo()


def test_headers_that_are_days_read_as_days(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Sales"
    for row in (
        ["date", "customer", "gross_revenue", dt.date(2024, 3, 1), 2024],
        ["2024-01-31", "A", 5, 1, 2],
    ):
        book.worksheets[0].append(row)
    book.save(tmp_path / "book.xlsx")
    headers = list(read_input_tables(tmp_path / "book.xlsx")["Sales"].frame.columns)
    assert headers[:3] == ["date", "customer", "gross_revenue"]
    assert str(headers[3]).startswith("2024-03-01") and headers[4] == "2024"
