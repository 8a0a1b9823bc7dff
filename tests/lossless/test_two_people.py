"""Two people and a crash: nobody's edit is lost, nobody is held up, and nothing is left over."""

from __future__ import annotations

import multiprocessing
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment

import xlprofit
from tests.bad_input.plain import plain
from tests.needs import takes_minutes
from xlprofit.errors import FileError
from xlprofit.ooxml import renames, saving
from xlprofit.ooxml.lock import lock_workbook
from xlprofit.ooxml.saving import build_hidden_name, read_file_stamp, replace_file

pytestmark = [pytest.mark.skipif(os.name == "nt", reason="the rules of another system"), takes_minutes]

NOBODY = 65_534


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return plain(tmp_path / "book.xlsx")


def names_in(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


# --- another's edit ------------------------------------------------------------------------------------


def edit_alike(path: Path) -> None:
    """Change a file so that its size and its time are as before."""
    known, content = path.stat(), bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(known.st_atime_ns, known.st_mtime_ns))


def replace_alike(path: Path) -> None:
    """Put another file of the same size and time in its place, as Excel does when it saves."""
    known, other = path.stat(), path.with_name("other")
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    other.write_bytes(content)
    os.utime(other, ns=(known.st_atime_ns, known.st_mtime_ns))
    other.replace(path)


EDITS: dict[str, Callable[[Path], None]] = {"written": edit_alike, "replaced": replace_alike}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("step", ["exchange_files", "move"])
@pytest.mark.parametrize("moment", ["while it is written", "after the last look"])
def test_an_edit_of_the_same_size_and_time_is_not_overwritten(
    path: Path, edit: str, step: str, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, edited = read_file_stamp(path), b""

    def do_edit() -> None:
        nonlocal edited
        EDITS[edit](path)
        edited = path.read_bytes()

    exchange = renames.exchange_files
    if step == "move":  # a disk that exchanges no files
        monkeypatch.setattr(renames, "exchange_files", lambda one, other: False)
    if moment == "after the last look" and step == "exchange_files":

        def exchange_late(one: Path, other: Path) -> bool:
            if not edited:
                do_edit()
            return exchange(one, other)

        monkeypatch.setattr(renames, "exchange_files", exchange_late)
    elif moment == "after the last look":
        look = saving._look_at_file

        def look_and_edit(*given: object) -> tuple[int, ...]:
            found = look(*given)  # type: ignore[arg-type]  # what it was given
            time.sleep(0.02)  # past the grain of the disk's clock
            do_edit()
            return found

        monkeypatch.setattr(saving, "_look_at_file", look_and_edit)
    with (
        pytest.raises(FileError, match="changed by somebody"),
        replace_file(path, seen=seen) as beside,
    ):
        beside.write_bytes(b"new")
        if moment == "while it is written":
            do_edit()
    assert edited and path.read_bytes() == edited
    assert names_in(path.parent) == ["book.xlsx"]


def test_a_file_that_somebody_writes_is_not_taken_away(path: Path) -> None:
    seen = read_file_stamp(path)
    with path.open("rb+") as writer:
        with (
            pytest.raises(FileError, match="another program"),
            replace_file(path, seen=seen) as beside,
        ):
            beside.write_bytes(b"new")
        writer.write(b"XX")
    assert path.read_bytes()[:2] == b"XX"


def write_over_and_over(path: Path, ready: multiprocessing.synchronize.Event) -> None:
    ready.set()
    for number in range(1_000_000):
        path.with_name("theirs").write_bytes(b"edit %d" % number)
        path.with_name("theirs").replace(path)
        time.sleep(0.0005)


def test_edits_in_the_last_moment_are_never_lost(path: Path) -> None:
    fork = multiprocessing.get_context("fork")
    ready = fork.Event()
    writer = fork.Process(target=write_over_and_over, args=(path, ready))
    writer.start()
    ready.wait()
    refused = 0
    try:
        for _trial in range(100):
            seen = read_file_stamp(path)
            try:
                with replace_file(path, seen=seen) as beside:
                    beside.write_bytes(b"ours")
            except FileError:
                refused += 1
    finally:
        writer.kill()
        writer.join()
    assert refused > 0
    assert path.read_bytes().startswith((b"edit ", b"ours"))


# --- locks and leftovers -------------------------------------------------------------------------------


def test_a_lock_that_another_left_holds_nobody_up(path: Path) -> None:
    mark = path.with_name(".book.xlsx.lock")
    mark.touch(mode=0o600)
    mark.chmod(0)
    with lock_workbook(path):
        pass
    assert not mark.exists()


@contextmanager
def as_another_user() -> Iterator[None]:
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter, in which nobody removes what is another's; pytest's own are closed."""
    for place in dict.fromkeys((tempfile.gettempdir(), "/tmp", "/var/tmp")):
        if not os.access(place, os.W_OK):
            continue
        with tempfile.TemporaryDirectory(dir=place) as name:
            folder = Path(name)
            folder.chmod(0o1777)
            with as_another_user():
                is_entered = os.access(folder, os.W_OK | os.X_OK, effective_ids=True)
            if is_entered:
                yield folder
                return
    pytest.skip("no folder that another user may enter")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="needs to be another user")
def test_a_lock_of_another_users_holds_nobody_up(open_folder: Path) -> None:
    path = plain(open_folder / "book.xlsx")
    mark = path.with_name(".book.xlsx.lock")
    with lock_workbook(path):
        pass  # so that nothing is imported later, from where another user may not read
    mark.touch(mode=0o600)
    with as_another_user(), lock_workbook(path):
        pass
    assert mark.exists()


@pytest.mark.parametrize("kind", ["link", "dangling link", "pipe", "folder"])
def test_what_stands_in_the_place_of_the_lock_is_not_followed(kind: str, path: Path) -> None:
    mark, victim = path.with_name(".book.xlsx.lock"), path.with_name("victim")
    victim.write_bytes(b"whole")
    if kind == "pipe":
        os.mkfifo(mark)
    elif kind == "folder":
        mark.mkdir()
    else:
        mark.symlink_to(victim if kind == "link" else path.with_name("nowhere"))
    with lock_workbook(path):
        assert not mark.is_symlink()
    assert victim.read_bytes() == b"whole"
    assert not path.with_name("nowhere").exists()


def test_what_a_killed_run_left_is_cleared_and_what_a_living_one_writes_is_not(path: Path) -> None:
    left = [".book.xlsx.0badf00d.new", ".book.backup.xlsx.0badf00d.new", ".book.backup-7.xlsx.0badf00d.new"]
    others = [".other.xlsx.0badf00d.new", ".book.xlsx.new", "book.xlsx.0badf00d.new"]
    for name in (*left, *others):
        path.with_name(name).write_bytes(b"half")
    fork = multiprocessing.get_context("fork")
    here, there = fork.Pipe()

    def write_slowly() -> None:
        with replace_file(path.with_name("book.xlsx")) as beside:
            there.send(beside.name)
            there.recv()
            os._exit(0)

    writer = fork.Process(target=write_slowly)
    writer.start()
    living = here.recv()
    with lock_workbook(path):
        pass
    assert names_in(path.parent) == sorted(["book.xlsx", *others, living])
    here.send(None)
    writer.join()
    xlprofit.refresh(path)
    assert names_in(path.parent) == sorted(["book.xlsx", *others])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_run_that_is_ended_leaves_nothing_after_the_next(number: int, path: Path) -> None:
    code = (
        f"import signal, sys, time; {'' if number == signal.SIGKILL else f'signal.signal({number}, signal.SIG_DFL)'}\n"
        "from xlprofit import cli; from xlprofit.ooxml import placing\n"
        "def slowly(*_): print('here', flush=True); time.sleep(60)\n"
        "placing.place_result_sheets = slowly; sys.argv = ['xlprofit', 'refresh', sys.argv[1]]; cli.main()"
    )
    command = [sys.executable, "-c", code, str(path)]
    before = path.read_bytes()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as run:
        assert run.stdout is not None and run.stdout.readline() == "here\n"
        run.send_signal(number)
        run.wait(20)
    assert run.returncode == (-number if number == signal.SIGKILL else 128 + number)
    assert path.read_bytes() == before
    if number != signal.SIGKILL:
        assert names_in(path.parent) == ["book.xlsx"]
    xlprofit.refresh(path)
    assert names_in(path.parent) == ["book.xlsx"]


def test_names_of_the_length_that_a_disk_takes(tmp_path: Path) -> None:
    path = plain(tmp_path / f"{'x' * 245}.xlsx")
    assert xlprofit.refresh(path).path == path
    assert names_in(tmp_path) == [path.name]
    assert len(os.fsencode(build_hidden_name("ä" * 120 + ".xlsx", ".0badf00d.new"))) < 255


# --- what a file is beside its content -----------------------------------------------------------------


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o666])
def test_the_new_file_has_the_old_ones_rights_from_its_first_byte(mode: int, path: Path) -> None:
    path.chmod(mode)
    with replace_file(path, seen=read_file_stamp(path)) as beside:
        assert stat.S_IMODE(beside.stat().st_mode) == mode
        beside.write_bytes(b"new")
    assert stat.S_IMODE(path.stat().st_mode) == mode


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="gives a file away")
def test_owner_and_group_are_kept(path: Path) -> None:
    os.chown(path, NOBODY, NOBODY)
    path.chmod(0o640)
    xlprofit.refresh(path)
    known = path.stat()
    assert (known.st_uid, known.st_gid, stat.S_IMODE(known.st_mode)) == (NOBODY, NOBODY, 0o640)


def test_a_group_that_cannot_be_kept_gives_its_rights_to_no_other(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    if os.geteuid() != 0:
        pytest.skip("gives a file away")
    os.chown(path, -1, NOBODY)
    path.chmod(0o660)
    monkeypatch.setattr(os, "chown", refuse)
    monkeypatch.setattr(os, "fchown", refuse)
    xlprofit.refresh(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_extended_attributes_are_kept(path: Path) -> None:
    try:
        os.setxattr(path, "user.comment", b"from the controller")
    except OSError:
        pytest.skip("this disk knows no extended attributes")
    xlprofit.refresh(path)
    assert os.getxattr(path, "user.comment") == b"from the controller"


def refuse(path: Path, words: str) -> None:
    """Assert that a refresh in place is refused, and one to another file is not."""
    before = path.read_bytes()
    with pytest.raises(FileError, match=words):
        xlprofit.refresh(path)
    assert path.read_bytes() == before
    assert xlprofit.refresh(path, path.with_name("out.xlsx")).path.exists()


def test_a_read_only_workbook_is_left_alone(path: Path) -> None:
    path.chmod(0o444)
    refuse(path, "is read-only")


def test_a_workbook_of_two_names_is_left_alone(path: Path) -> None:
    path.with_name("twin.xlsx").hardlink_to(path)
    refuse(path, "a second name")
    assert path.samefile(path.with_name("twin.xlsx"))


def test_a_link_to_a_workbook_that_is_open_is_left_alone(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "elsewhere" / "link.xlsx"
    link.parent.mkdir()
    link.symlink_to(path)
    path.with_name("~$book.xlsx").write_bytes(b"owner")
    refuse(link, "is open in Excel")


def test_links_that_lead_round_are_one_line(path: Path) -> None:
    path.with_name("a.xlsx").symlink_to(path.with_name("b.xlsx"))
    path.with_name("b.xlsx").symlink_to(path.with_name("a.xlsx"))
    for work in (
        partial(xlprofit.refresh, path.with_name("a.xlsx")),
        partial(xlprofit.refresh, path, path.with_name("a.xlsx")),
    ):
        with pytest.raises(FileError):
            work()


def test_a_backup_takes_a_free_name_and_follows_no_link(path: Path) -> None:
    victim = path.with_name("victim")
    victim.write_bytes(b"whole")
    path.with_name("book.backup.xlsx").write_bytes(b"an older one")
    path.with_name("book.backup-2.xlsx").symlink_to(victim)
    path.with_name("book.backup-3.xlsx").symlink_to(path.with_name("nowhere"))
    before = path.read_bytes()
    assert xlprofit.refresh(path, backup=True).backup == path.with_name("book.backup-4.xlsx")
    assert path.with_name("book.backup-4.xlsx").read_bytes() == before
    assert path.with_name("book.backup.xlsx").read_bytes() == b"an older one"
    assert victim.read_bytes() == b"whole"
    assert not path.with_name("nowhere").exists()


def test_no_backup_is_left_of_a_refresh_that_wrote_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> bool:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(renames, "exchange_files", fail)
    with pytest.raises(FileError, match="Input/output error"):
        xlprofit.refresh(path, backup=True)
    assert names_in(path.parent) == ["book.xlsx"]


def test_a_new_workbook_takes_no_name_that_was_taken_meanwhile(tmp_path: Path) -> None:
    with (
        pytest.raises(FileError, match="there already"),
        replace_file(tmp_path / "new.xlsx", fresh=True) as beside,
    ):
        beside.write_bytes(b"ours")
        (tmp_path / "new.xlsx").write_bytes(b"theirs")
    assert (tmp_path / "new.xlsx").read_bytes() == b"theirs"


# --- what was added to a result sheet ------------------------------------------------------------------


def test_notes_and_protection_on_a_result_sheet_are_named(path: Path) -> None:
    xlprofit.refresh(path)
    assert xlprofit.refresh(path).losses == ()
    book = openpyxl.load_workbook(path)
    sheet = book["Dashboard"]
    sheet["C7"].comment = Comment("ask Anna", "Controller")
    sheet["H60"].comment = Comment("and Bo", "Controller")
    book["Checks"].protection.sheet = True
    book.save(path)
    told = " ".join(xlprofit.refresh(path).losses)
    assert "Dashboard, cells C7, H60" in told
    assert "of the sheet Checks" in told
    assert xlprofit.refresh(path).losses == ()


def test_pictures_and_charts_on_a_result_sheet_are_named(path: Path) -> None:
    xlprofit.refresh(path)
    assert xlprofit.refresh(path).losses == ()
    book: Any = openpyxl.load_workbook(path)
    for place in ("Z5", "Z40"):
        chart = BarChart()
        chart.add_data(Reference(book["Sales"], 3, 1, 3, 7))
        book["Dashboard"].add_chart(chart, place)
    book["Checks"].add_chart(BarChart(), "Z5")
    book.save(path)
    told = [(loss.split()[0], loss.split()[-1]) for loss in xlprofit.refresh(path).losses]
    assert told == [("2", "Dashboard"), ("the", "Checks")]
    assert xlprofit.refresh(path).losses == ()
