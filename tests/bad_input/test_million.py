"""A million rows where memory, room on the disk or time run out: a clear word, and the file is whole."""

from __future__ import annotations

import hashlib
import json
import re
import resource
import shutil
import sys
import time
from pathlib import Path

import pytest

import xlprofit
from tests.bad_input.million import GROSS, MB, ROWS, limited, million
from tests.bad_input.plain import plain
from tests.needs import takes_minutes
from xlprofit.errors import FileError
from xlprofit.ooxml import memory
from xlprofit.ooxml.package import list_sheet_parts, open_package

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the limits are those of Linux")

ENOUGH = 1_400 * MB
"""The address space in which a million rows are refreshed: what is loaded to begin with takes a third of it."""

SECONDS = 120
REFRESH = ("-m", "xlprofit", "refresh", "book.xlsx")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return million(tmp_path_factory.mktemp("million") / "book.xlsx")


@pytest.fixture
def book(made: Path, tmp_path: Path) -> Path:
    path = tmp_path / "book.xlsx"
    shutil.copyfile(made, path)  # no link: a refresh leaves a workbook of two names alone
    return path


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@takes_minutes
def test_a_million_rows_are_refreshed_within_bounds(book: Path) -> None:
    code = (
        "import json, sys, xlprofit;"
        "done = xlprofit.refresh('book.xlsx', 'out.xlsx').results;"
        "print(json.dumps([done.customers['gross_revenue'].to_dict(), len(done.inputs['Sales'])]))"
    )
    limits = {resource.RLIMIT_AS: ENOUGH, resource.RLIMIT_CPU: SECONDS}
    said, complaint = limited(limits, ("-c", code), book.parent).communicate()
    assert complaint == ""
    assert json.loads(said) == [GROSS, ROWS]


@takes_minutes
@pytest.mark.parametrize("megabytes", [300, 450, 600, 750])
def test_too_little_memory_is_told_in_a_line(megabytes: int, book: Path) -> None:
    before = digest(book)
    process = limited({resource.RLIMIT_AS: megabytes * MB}, REFRESH, book.parent)
    said, complaint = process.communicate()
    assert (process.returncode, said) == (1, "")
    assert len(complaint.splitlines()) == 1
    assert "memory" in complaint
    assert [p.name for p in book.parent.iterdir()] == ["book.xlsx"]
    assert digest(book) == before


@takes_minutes
def test_a_full_disk_is_told_in_a_line(book: Path) -> None:
    before = digest(book)
    process = limited({resource.RLIMIT_FSIZE: 2 * MB}, REFRESH, book.parent)
    complaint = process.communicate()[1]
    assert process.returncode == 1
    assert re.search(r"book\.xlsx .*\(File too large\)", complaint.splitlines()[-1])
    assert [p.name for p in book.parent.iterdir()] == ["book.xlsx"]
    assert digest(book) == before


@takes_minutes
def test_whenever_it_is_killed_the_file_is_whole(book: Path) -> None:
    before = digest(book)
    for seconds in (0.5, 1.5):
        process = limited({}, REFRESH, book.parent)
        time.sleep(seconds)
        process.kill()
        process.communicate()
        assert digest(book) == before
    process = limited({}, REFRESH, book.parent)
    while process.poll() is None and not list(book.parent.glob(".book.xlsx.*.new")):
        time.sleep(0.01)
    process.kill()
    process.communicate()
    assert digest(book) == before
    book.unlink()
    assert xlprofit.refresh(plain(book)).path == book  # nor does what it left keep anyone out


# --- what is asked of the system ----------------------------------------------------------------------


def room(path: Path) -> None:
    with open_package(path) as book:
        memory.require_sheet_memory(book, list_sheet_parts(book))


def test_a_healthy_machine_refuses_nothing(book: Path) -> None:
    assert all(left > 200 * MB for left in memory._list_free_memory())
    room(book)
    with open_package(book) as zipped:
        assert max(entry.file_size for entry in zipped.infolist()) > memory.LITTLE  # so that it was asked


def test_a_container_without_room_is_told(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"max": "400000000\n", "current": "300000000\n", "stat": "anon 1\ninactive_file 50000000\n"}
    for name, content in files.items():
        (book.parent / name).write_text(content)
    group = (*(str(book.parent / name) for name in files), "inactive_file")
    monkeypatch.setattr(memory, "_GROUPS", (group,))
    with pytest.raises(FileError, match=r"\d+ MB of memory"):
        room(book)
    (book.parent / "max").write_text("max\n")
    room(book)
    (book.parent / "max").write_text("800000000\n")
    room(book)


def test_small_workbooks_are_not_asked_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(memory, "can_borrow_memory", asked.append)
    room(plain(tmp_path / "plain.xlsx"))
    assert asked == []
