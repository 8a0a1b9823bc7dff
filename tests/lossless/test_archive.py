"""Zip files as other programs write them: sums behind the content, long forms, more in their directory than we need."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

import xlprofit
from tests.bad_input.plain import GROSS, plain
from tests.lossless.books import parts_of
from tests.needs import takes_minutes
from xlprofit.errors import FileError
from xlprofit.ooxml import archive


class Stream(io.RawIOBase):
    """A file that cannot be gone back in, so that the sums of an entry stand behind it."""

    def __init__(self) -> None:
        super().__init__()
        self.held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self.held += piece
        return len(piece)


def write_streamed(path: Path, *, is_long: bool) -> Path:
    parts, stream = parts_of(plain(path)), Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            with book.open(zipfile.ZipInfo(name), "w", force_zip64=is_long) as part:
                part.write(content)
    path.write_bytes(bytes(stream.held))
    return path


@pytest.mark.parametrize("is_long", [False, True])
def test_sums_behind_the_content_go_over(is_long: bool, tmp_path: Path) -> None:
    path = write_streamed(tmp_path / "book.xlsx", is_long=is_long)
    before = parts_of(path)
    results = xlprofit.refresh(path).results
    assert results.customers["gross_revenue"].to_dict() == GROSS
    after = parts_of(path)
    assert after["xl/worksheets/sheet1.xml"] == before["xl/worksheets/sheet1.xml"]


def test_sums_that_do_not_fit_are_damage(tmp_path: Path) -> None:
    path = write_streamed(tmp_path / "book.xlsx", is_long=False)
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x07\x08")  # behind a part that goes over as it is
    data[at + 4] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(FileError, match="damaged"):
        xlprofit.refresh(path)
    assert path.read_bytes() == bytes(data)


@takes_minutes
def test_more_entries_than_the_short_form_counts(tmp_path: Path) -> None:
    path = plain(tmp_path / "book.xlsx")
    with zipfile.ZipFile(path, "a") as book:
        for number in range(66_000):
            book.writestr(f"customXml/x{number}.bin", b"")
    assert xlprofit.refresh(path).path == path
    with zipfile.ZipFile(path) as book:
        assert len(book.namelist()) > 66_000 and book.testzip() is None


def test_further_fields_of_an_entry_go_over(tmp_path: Path) -> None:
    path = plain(tmp_path / "book.xlsx")
    parts = parts_of(path)
    field = b"UT\x05\x00\x01abcd"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name)
            entry.extra, entry.comment = field, b"written by another"
            book.writestr(entry, content)
    xlprofit.refresh(path)
    with zipfile.ZipFile(path) as book:
        kept = book.getinfo("xl/worksheets/sheet1.xml")
        assert (kept.extra, kept.comment) == (field, b"written by another")


def test_long_numbers_stand_before_the_other_fields() -> None:
    number = (7).to_bytes(8, "little")
    long = b"\x01\x00\x08\x00" + number
    assert archive._split_extra_fields(b"UT\x01\x00a" + long + b"XX\x00\x00") == (
        number,
        b"UT\x01\x00aXX\x00\x00",
    )
    assert archive._split_extra_fields(b"UT\x01\x00a") == (b"", b"UT\x01\x00a")


def test_a_closed_file_is_a_callers_mistake(tmp_path: Path) -> None:
    book = zipfile.ZipFile(plain(tmp_path / "book.xlsx"))
    book.close()
    with pytest.raises(ValueError, match="closed"):
        archive.rewrite_archive(book, io.BytesIO(), {}, set())
