"""Systems and disks that know less than Linux on its own disk: what is missing is done without, and nothing is lost."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import xlprofit
from tests.bad_input.plain import plain
from xlprofit.errors import FileError
from xlprofit.ooxml import lock, renames, saving
from xlprofit.ooxml.lock import lock_workbook
from xlprofit.ooxml.saving import is_same_file, read_file_stamp, replace_file

pytestmark = pytest.mark.skipif(os.name == "nt", reason="another system's calls are replaced")


def fail(number: int) -> Callable[..., None]:
    """Return a call of the system that fails so."""

    def call(*_given: object, **_options: object) -> None:
        raise OSError(number, os.strerror(number))

    return call


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return plain(tmp_path / "book.xlsx")


@pytest.fixture
def fresh_rename() -> Iterator[None]:
    """Let the system's renaming be looked for anew, before and after."""
    renames._find_rename.cache_clear()
    yield
    renames._find_rename.cache_clear()


def names_in(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def put_new(path: Path) -> None:
    with replace_file(path, fresh=True) as beside:
        beside.write_bytes(b"ours")


# --- renaming ----------------------------------------------------------------------------------------


def lose_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", fail(errno.ENOENT))


def lose_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "sunos5")


def answer_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def rename(*_: object) -> int:
        ctypes.set_errno(errno.EINVAL)
        return -1

    monkeypatch.setattr(renames, "_find_rename", lambda: rename)


LACKING = {
    "no library": lose_library,
    "another system": lose_platform,
    "a disk that does not know it": answer_unknown,
}


@pytest.mark.parametrize("lacking", LACKING)
@pytest.mark.parametrize("links", [True, False])
def test_a_new_file_takes_a_free_name_and_no_other(
    lacking: str, links: bool, tmp_path: Path, fresh_rename: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    LACKING[lacking](monkeypatch)
    if not links:
        monkeypatch.setattr(os, "link", fail(errno.EPERM))
    put_new(tmp_path / "new.xlsx")
    assert (tmp_path / "new.xlsx").read_bytes() == b"ours"
    (tmp_path / "taken.xlsx").write_bytes(b"theirs")
    with pytest.raises(FileError, match="there already"):
        put_new(tmp_path / "taken.xlsx")
    assert (tmp_path / "taken.xlsx").read_bytes() == b"theirs"
    assert names_in(tmp_path) == ["new.xlsx", "taken.xlsx"]


@pytest.mark.parametrize("lacking", LACKING)
def test_a_workbook_is_refreshed_where_files_cannot_be_exchanged(
    lacking: str, path: Path, fresh_rename: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path.read_bytes()
    LACKING[lacking](monkeypatch)
    with replace_file(path, seen=read_file_stamp(path)) as beside:
        beside.write_bytes(b"new")
    assert path.read_bytes() == b"new" != before
    assert names_in(path.parent) == ["book.xlsx"]


def test_a_renaming_that_fails_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def rename(*_: object) -> int:
        ctypes.set_errno(errno.EIO)
        return -1

    monkeypatch.setattr(renames, "_find_rename", lambda: rename)
    before = path.read_bytes()
    with pytest.raises(FileError, match="Input/output error"):
        xlprofit.refresh(path)
    assert path.read_bytes() == before
    assert names_in(path.parent) == ["book.xlsx"]


# --- locks -------------------------------------------------------------------------------------------


def test_a_disk_without_locks_is_no_hindrance(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fcntl, "flock", fail(errno.ENOLCK))
    assert xlprofit.refresh(path).path == path
    assert names_in(path.parent) == ["book.xlsx"]


def test_a_lock_that_another_holds_is_told_after_a_moment(path: Path) -> None:
    with lock_workbook(path), pytest.raises(FileError, match="another xlprofit"):
        xlprofit.refresh(path)
    assert xlprofit.refresh(path).path == path


@pytest.mark.parametrize("times", [1, 99])
def test_a_lock_that_was_removed_meanwhile_is_made_anew(
    times: int, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left, same = times, lock._is_same_file

    def is_same(opened: int, mark: Path) -> bool:
        nonlocal left
        left -= 1
        if left >= 0:
            mark.unlink()
        return same(opened, mark)

    monkeypatch.setattr(lock, "_is_same_file", is_same)
    if times == 1:
        with lock_workbook(path):
            assert path.with_name(".book.xlsx.lock").exists()
    else:
        with pytest.raises(FileError, match="another xlprofit"), lock_workbook(path):
            pass
    assert names_in(path.parent) == ["book.xlsx"]


def test_what_cannot_be_removed_from_the_place_of_the_lock_holds_nobody_up(path: Path) -> None:
    mark = path.with_name(".book.xlsx.lock")
    (mark / "inside").mkdir(parents=True)
    assert xlprofit.refresh(path).path == path
    assert (mark / "inside").is_dir()


def test_a_folder_in_which_no_file_can_be_made_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = os.open

    def open_but_locks(name: str, *given: int, **options: int) -> int:
        if str(name).endswith(".lock"):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return opened(name, *given, **options)

    monkeypatch.setattr(os, "open", open_but_locks)
    with pytest.raises(FileError, match="Read-only file system"):
        xlprofit.refresh(path)


# --- what a file is beside its content ---------------------------------------------------------------


@pytest.mark.parametrize("call", ["fchmod", "fchown", "chown"])
def test_permissions_that_cannot_be_set_leave_the_old_file_or_are_passed_over(
    call: str, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path.read_bytes()
    monkeypatch.setattr(os, call, fail(errno.EPERM))
    if call == "fchmod":
        with pytest.raises(FileError, match="Operation not permitted"):
            xlprofit.refresh(path)
        assert path.read_bytes() == before
    else:
        assert xlprofit.refresh(path).path == path
    assert names_in(path.parent) == ["book.xlsx"]


@pytest.mark.parametrize("call", ["listxattr", "setxattr", "removexattr", "getxattr"])
def test_a_disk_without_attributes_is_no_hindrance(
    call: str, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, call, fail(errno.EOPNOTSUPP), raising=False)
    assert xlprofit.refresh(path).path == path


def test_attributes_that_a_folder_gives_a_new_file_go(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    removed = []
    monkeypatch.setattr(
        os, "listxattr", lambda of: [] if Path(of).name == path.name else ["user.folders"], raising=False
    )
    monkeypatch.setattr(
        os, "removexattr", lambda of, name: removed.append((Path(of).suffix, name)), raising=False
    )
    with replace_file(path, seen=read_file_stamp(path)) as beside:
        beside.write_bytes(b"new")
    assert removed == [(".new", "user.folders")]


def test_a_system_without_attributes_is_no_hindrance(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "listxattr", raising=False)
    monkeypatch.delattr(os, "chown", raising=False)
    assert xlprofit.refresh(path).path == path


def test_a_folder_that_cannot_be_forced_to_the_disk_is_no_hindrance(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forced = os.fsync

    def force(number: int) -> None:
        if Path(f"/proc/self/fd/{number}").is_dir():
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        forced(number)

    monkeypatch.setattr(os, "fsync", force)
    assert xlprofit.refresh(path).path == path


def test_a_file_that_goes_while_it_is_worked_on_is_told(path: Path) -> None:
    seen = read_file_stamp(path)
    with pytest.raises(FileError, match="changed by somebody"), replace_file(path, seen=seen) as beside:
        beside.write_bytes(b"new")
        path.unlink()
    assert names_in(path.parent) == []
    with pytest.raises(FileError, match=r"book\.xlsx"):
        read_file_stamp(path)


def test_a_pipe_that_takes_the_place_of_a_file_is_not_waited_for(path: Path) -> None:
    seen = read_file_stamp(path)
    with pytest.raises(FileError, match="changed by somebody"), replace_file(path, seen=seen) as beside:
        beside.write_bytes(b"new")
        path.unlink()
        os.mkfifo(path)
    assert path.is_fifo() and names_in(path.parent) == ["book.xlsx"]


def test_one_file_under_several_names(path: Path, tmp_path: Path) -> None:
    (tmp_path / "link.xlsx").symlink_to(path)
    os.link(path, tmp_path / "hard.xlsx")
    (tmp_path / "copy.xlsx").write_bytes(path.read_bytes())
    names = ("link.xlsx", "hard.xlsx", "copy.xlsx")
    assert [is_same_file(tmp_path / name, path) for name in names] == [True, True, False]
    assert is_same_file(tmp_path / "NEW.xlsx", tmp_path / "new.XLSX")  # one file where case is no difference
    assert not is_same_file(tmp_path / "new.xlsx", path)


def test_a_new_file_that_another_run_takes_for_left_over_is_made_anew(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside, lock_file, times = path.with_name("new"), renames._lock, [0]

    def take_first(opened: int) -> bool:
        times[0] += 1
        if times[0] == 1:
            beside.unlink()
        return lock_file(opened)

    monkeypatch.setattr(renames, "_lock", take_first)
    held = renames.create_held_file(beside, None)
    assert held is not None and times == [2]
    assert os.path.samestat(os.fstat(held), beside.stat())
    os.close(held)


def test_who_writes_a_file_is_not_known_on_another_system(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with path.open("rb+"):
        assert renames.is_written(path)
        lose_platform(monkeypatch)
        assert not renames.is_written(path)
    assert not renames.is_written(path.with_name("nowhere"))
    assert not renames.is_held(str(path.with_name("nowhere")))


def test_a_folder_is_no_file_to_write(path: Path) -> None:
    with pytest.raises(FileError, match="is a folder"):
        saving.refuse_unwritable_folder(path.parent)
    with pytest.raises(FileError, match="nowhere"):
        saving.refuse_unwritable_folder(path.parent / "nowhere" / "book.xlsx")
    with pytest.raises(FileError, match="too long"):
        saving.refuse_unwritable_folder(path.parent / ("x" * 300))
