"""Every command that writes does so as a refresh does: over nobody's file, all or nothing, and nothing left over."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl.writer.excel import ExcelWriter

from tests.bad_input.plain import plain
from xlprofit import cli
from xlprofit.calc.translation import translate_workbook
from xlprofit.closed_periods import META, read_closed, write_closed
from xlprofit.comparison.closed import Closed
from xlprofit.errors import FileError, XlprofitError
from xlprofit.hosts.file import FileHost
from xlprofit.importing import intake
from xlprofit.importing.profiles.profile import write_profile
from xlprofit.lite import embedding
from xlprofit.lite.embedding import embed_lite_code, extract_lite_code
from xlprofit.ooxml import put, renames, saving
from xlprofit.ooxml.put import rewrite_workbook
from xlprofit.ooxml.saving import (
    NOTHING,
    make_folder,
    read_file_stamp,
    refuse_unwritable_folder,
    replace_file,
    replace_files,
)
from xlprofit.workflow import new, refresh, refresh_sheets

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the files of another system")

LEDGER = pd.DataFrame(
    {
        "customer": ["A"],
        "line": ["sales"],
        "group": [""],
        "level": ["customer"],
        "amount": [1.0],
        "units": [1.0],
    }
)
CLOSED = Closed("2024-03", LEDGER, {"Sales": "1-1"}, {"Desk": 2.0})


def list_names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --- what is no file -----------------------------------------------------------------------------------


def write_over(path: Path) -> None:
    with replace_file(path) as beside:
        beside.write_bytes(b"new")


@pytest.mark.parametrize("do", [write_over, refuse_unwritable_folder, read_file_stamp])
@pytest.mark.parametrize("linked", [False, True])
def test_a_pipe_is_neither_read_nor_replaced(
    do: Callable[[Path], object], linked: bool, tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    path = tmp_path / "link" if linked else pipe
    if linked:
        path.symlink_to(pipe)
    with pytest.raises(FileError, match="no ordinary file"):
        do(path)
    assert pipe.is_fifo()
    assert list_names(tmp_path) == (["link", "pipe"] if linked else ["pipe"])


def test_a_device_stays_a_device() -> None:
    with pytest.raises(FileError):  # as root it would be replaced by a file
        refuse_unwritable_folder(Path(os.devnull))


# --- several files -------------------------------------------------------------------------------------


def test_of_several_files_all_are_written_or_none(tmp_path: Path) -> None:
    paths = [tmp_path / "one", tmp_path / "two"]
    paths[0].write_bytes(b"old")
    left = tmp_path / ".two.0123abcd.new"
    left.write_bytes(b"of a run that was killed")
    with pytest.raises(FileError, match="No space"), replace_files(paths) as beside:
        assert not left.exists()
        beside[0].write_bytes(b"new")
        raise OSError(28, "No space left on device")
    assert list_names(tmp_path) == ["one"]
    assert paths[0].read_bytes() == b"old"
    with replace_files(paths) as beside:
        for file in beside:
            file.write_bytes(b"new")
    assert [path.read_bytes() for path in paths] == [b"new", b"new"]
    assert list_names(tmp_path) == ["one", "two"]


def test_what_another_run_is_writing_is_no_leftover(tmp_path: Path) -> None:
    path = tmp_path / "one"
    path.write_bytes(b"old")
    with replace_file(path) as beside:
        beside.write_bytes(b"ours")
        with replace_files([path]) as (other,):
            other.write_bytes(b"theirs")
        assert beside.exists()


def test_a_full_folder_for_temporary_files_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet is written there first; lxml says of a full disk what no other says."""
    book = plain(tmp_path / "book.xlsx")
    before = book.read_bytes()
    lost = type("SerialisationError", (Exception,), {})

    def fail(*_given: object) -> None:
        raise lost("IO_ENOSPC")

    monkeypatch.setattr(ExcelWriter, "write_data", fail)
    for write in (lambda: new(tmp_path / "new.xlsx"), lambda: refresh(book)):
        with pytest.raises(FileError, match=r"temporary files, .* \(No space left on device\)\. Make room"):
            write()
    assert book.read_bytes() == before
    assert list_names(tmp_path) == ["book.xlsx"]
    lost = type("OtherError", (Exception,), {})
    with pytest.raises(lost):
        new(tmp_path / "new.xlsx")


def test_no_folder_for_temporary_files_is_said() -> None:
    error = FileNotFoundError(2, "No usable temporary directory found in ['/tmp']")
    assert "no folder for temporary files" in cli._describe_unexpected_error(error)


# --- a file that came meanwhile ------------------------------------------------------------------------


def test_a_workbook_that_came_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    book, output = plain(tmp_path / "book.xlsx"), tmp_path / "out.xlsx"
    host = FileHost(book, output)
    with pytest.raises(FileError, match="changed by somebody"), host.at_work():
        output.write_bytes(b"theirs")
        host.put_sheets([], keep=True)
    assert output.read_bytes() == b"theirs"
    with pytest.raises(FileError, match="changed by somebody"):
        put.put_result_sheets(book, output, lambda names: [], replaced=NOTHING)
    assert output.read_bytes() == b"theirs"
    assert list_names(tmp_path) == ["book.xlsx", "out.xlsx"]


def test_a_first_output_has_no_backup(tmp_path: Path) -> None:
    book = plain(tmp_path / "book.xlsx")
    host = FileHost(book, tmp_path / "out.xlsx", backup=True)
    with host.at_work():
        assert host.put_sheets([], keep=True).backup is None


@pytest.mark.parametrize("write", ["embed", "translate"])
def test_an_edit_meanwhile_is_not_written_over(
    write: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = plain(tmp_path / "book.xlsx")
    flush = saving._copy_attributes  # the last step before the new file takes its place

    def edit_late(old: Path, new: Path) -> None:
        flush(old, new)
        book.write_bytes(b"theirs")

    monkeypatch.setattr(saving, "_copy_attributes", edit_late)
    with pytest.raises(FileError, match="changed by somebody"):
        if write == "embed":
            embed_lite_code(book)
        else:
            translate_workbook(book, book, to="calc")
    assert book.read_bytes() == b"theirs"
    assert list_names(tmp_path) == ["book.xlsx"]


def test_a_workbook_that_is_written_anew_is_locked(tmp_path: Path) -> None:
    book = plain(tmp_path / "book.xlsx")
    with (
        rewrite_workbook(book, None),
        pytest.raises(FileError, match="another xlprofit"),
        rewrite_workbook(book, None),
    ):
        pass


# --- closed periods ------------------------------------------------------------------------------------


def test_a_closed_period_is_written_once(tmp_path: Path) -> None:
    path = tmp_path / f"{'x' * 230}.closed-2024-03.parquet"
    trap = path.with_name(f".{path.name[:100]}.part")
    trap.symlink_to(tmp_path / "victim")
    write_closed(path, CLOSED)
    assert read_closed(path).rates == {"Desk": 2.0}
    content = path.read_bytes()
    with pytest.raises(FileError, match="not overwritten"):
        write_closed(path, Closed("2024-03", LEDGER, {}, {}))
    assert path.read_bytes() == content
    write_closed(path, Closed("2024-03", LEDGER, {}, {}), anew=True)
    assert read_closed(path).rates == {}
    path.chmod(0o400)
    with pytest.raises(FileError, match="read-only"):
        write_closed(path, CLOSED, anew=True)
    assert list_names(tmp_path) == sorted([path.name, trap.name])


GOOD = {"period": "2024-03", "hashes": {}, "rates": {}}


@pytest.mark.parametrize(
    ("said", "ledger"),
    [
        (b"[" * 100_000, LEDGER),
        (b"\xff", LEDGER),
        (b"[]", LEDGER),
        (json.dumps({**GOOD, "hashes": 3}).encode(), LEDGER),
        (json.dumps({**GOOD, "rates": {"Desk": "dear"}}).encode(), LEDGER),
        (json.dumps({**GOOD, "rates": {"Desk": float("inf")}}).encode(), LEDGER),
        (json.dumps(GOOD).encode(), LEDGER.drop(columns="level")),
        (json.dumps(GOOD).encode(), LEDGER.assign(amount=float("nan"))),
        (json.dumps(GOOD).encode(), LEDGER.assign(amount="x")),
        (json.dumps(GOOD).encode(), LEDGER.assign(amount=None)),
    ],
)
def test_a_file_that_only_seems_to_be_of_a_closed_period_is_none(
    said: bytes, ledger: pd.DataFrame, tmp_path: Path
) -> None:
    path = tmp_path / "book.closed-2024-03.parquet"
    pq.write_table(
        pa.Table.from_pandas(ledger, preserve_index=False).replace_schema_metadata({META: said}), path
    )
    with pytest.raises(ValueError):
        read_closed(path)


def test_a_pipe_called_like_a_closed_period_holds_nothing_up(tmp_path: Path) -> None:
    path = tmp_path / "book.closed-2024-03.parquet"
    os.mkfifo(path)
    with pytest.raises(ValueError):
        read_closed(path)


# --- an import, and code -------------------------------------------------------------------------------


def write_export(folder: Path) -> Path:
    path = folder / "orders.csv"
    lines = (f"2024-{month:02}-01;A{month % 3};{100 + month},50;60" for month in range(1, 13))
    path.write_text("\n".join(("date;customer;amount;cost", *lines)))
    return path


def test_an_import_that_fails_leaves_no_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export, profile = write_export(tmp_path), tmp_path / "mine.toml"

    def fail(*_given: object, **_named: object) -> None:
        raise XlprofitError("no")

    monkeypatch.setattr(intake, "refresh_sheets", fail)
    for there in (False, True):
        if there:
            profile.write_text(write_profile(intake.plan_import([export]).proposals[0].profile))
        with pytest.raises(XlprofitError, match="no"):
            intake.import_files([export], tmp_path / "book.xlsx", profile=profile)
        assert profile.exists() is there
    assert list_names(tmp_path) == ["mine.toml", "orders.csv"]


def test_an_output_that_is_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    export, link = write_export(tmp_path), tmp_path / "book.xlsx"
    link.symlink_to(link)
    with pytest.raises(FileError, match="round in a circle"):
        intake.import_files([export], link)
    assert list_names(tmp_path) == ["book.xlsx", "orders.csv"]


def test_of_two_imports_that_share_a_new_profile_none_loses_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second is told to wait while the first, which may still fail, is at work; then it makes the file itself."""
    export, profile = write_export(tmp_path), tmp_path / "mine.toml"

    def fail_beside_another(*_given: object, **_named: object) -> None:
        monkeypatch.setattr(intake, "refresh_sheets", refresh_sheets)
        with pytest.raises(FileError, match="another xlprofit"):
            intake.import_files([export], tmp_path / "second.xlsx", profile=profile)
        raise XlprofitError("no")

    monkeypatch.setattr(intake, "refresh_sheets", fail_beside_another)
    with pytest.raises(XlprofitError, match="no"):
        intake.import_files([export], tmp_path / "first.xlsx", profile=profile)
    assert list_names(tmp_path) == ["orders.csv"]
    for name in ("second.xlsx", "third.xlsx"):  # which makes it, and which finds it
        intake.import_files([export], tmp_path / name, profile=profile)
    assert list_names(tmp_path) == ["mine.toml", "orders.csv", "second.xlsx", "third.xlsx"]


def test_a_folder_that_a_failing_run_has_made_goes_again(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    with pytest.raises(FileError, match="No space"), make_folder(deep), replace_files([deep / "one"]):
        raise OSError(28, "No space left on device")
    assert list_names(tmp_path) == []
    with pytest.raises(XlprofitError, match="no"), make_folder(deep):
        (deep.parent / "theirs").touch()
        raise XlprofitError("no")
    assert list_names(deep.parent) == ["theirs"]
    with pytest.raises(XlprofitError, match="no"), make_folder(deep.parent):
        (deep.parent / "theirs").unlink()
        raise XlprofitError("no")
    with make_folder(deep):
        pass
    assert list_names(deep.parent) == ["b"]
    (deep / "file").touch()
    for path in (deep / "file", deep / "file" / "c", deep / ("x" * 300)):
        with pytest.raises(FileError, match="cannot be made"), make_folder(path):
            pass


@pytest.mark.skipif(os.uname().sysname != "Linux", reason="other systems take no such name")
def test_a_name_that_no_cell_can_hold_is_refused(tmp_path: Path) -> None:
    export = write_export(tmp_path)
    odd = export.rename(tmp_path / os.fsdecode(b"\xff.csv"))
    with pytest.raises(XlprofitError, match="not UTF-8"):
        intake.import_files([odd], tmp_path / "book.xlsx")
    book = plain(tmp_path / os.fsdecode(b"\xfe.xlsx"))
    assert embed_lite_code(book) == book
    write_closed(tmp_path / os.fsdecode(b"\xfe.closed-2024-03.parquet"), CLOSED)


def test_code_is_written_over_nothing_and_through_no_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book, folder = plain(tmp_path / "book.xlsx"), tmp_path / "code"
    folder.mkdir()
    files = {"main.py": "print('\ud800')\n", "../requirements.txt": "x\n"}
    monkeypatch.setattr(embedding, "read_lite_code", lambda book: embedding.LiteCode(files))
    link = folder / "requirements.txt"
    link.symlink_to(tmp_path / "victim")
    with pytest.raises(FileError, match="there already"):
        extract_lite_code(book, folder)
    assert list_names(folder) == ["requirements.txt"]
    link.unlink()
    assert {path.name for path in extract_lite_code(book, folder)} == {"main.py", "requirements.txt"}
    assert list_names(tmp_path) == ["book.xlsx", "code"]


def test_a_new_file_that_is_taken_for_a_leftover_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, lock, taken = tmp_path / ".one.0123abcd.new", renames._lock, list[Path]()

    def take_away(opened: int) -> bool:
        if not taken:
            path.unlink()
            taken.append(path)
        return lock(opened)

    monkeypatch.setattr(renames, "_lock", take_away)
    held = renames.create_held_file(path, None)
    assert held is not None and os.path.samestat(os.fstat(held), path.stat())
    os.close(held)


def test_a_name_that_the_system_cannot_write_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def encode(name: object) -> bytes:
        return str(name).encode("iso-8859-1")

    monkeypatch.setattr(os, "fsencode", encode)
    monkeypatch.setattr(sys, "getfilesystemencoding", lambda: "iso-8859-1")
    with pytest.raises(FileError, match=r"Łukasz.*names are in iso-8859-1"):
        refuse_unwritable_folder(tmp_path / "Łukasz.html")
    refuse_unwritable_folder(tmp_path / "Müller.html")
