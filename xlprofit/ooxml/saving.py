"""Files that are written complete or not at all, and never over what somebody else wrote meanwhile."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from xlprofit.errors import FileError
from xlprofit.messages import _
from xlprofit.ooxml import renames

LONGEST_NAME = 200
"""The most bytes of a file's name that the name of a file beside it repeats: file systems take 255."""

TOGETHER = 200
"""So many files are written all or none; a system lets a process hold few more open."""


@dataclass(frozen=True)
class Stamp:
    """What tells whether a file has changed meanwhile: its size and a digest of its content."""

    size: int
    digest: bytes


NOTHING = Stamp(-1, b"")
"""The stamp of a file that is not there."""


def read_file_stamp(path: Path) -> Stamp:
    """Return a file's stamp.

    Raises:
        FileError: the file is not there, is no ordinary one, or cannot be read.
    """
    try:
        _refuse_other_kind_of_file(path, path.stat())
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=32)).digest()
            return Stamp(file.tell(), digest)
    except FileNotFoundError as error:
        raise FileError(
            _("There is no file {path}", path=path), _("It was moved or deleted meanwhile")
        ) from error
    except OSError as error:
        raise FileError(
            _("{path} cannot be read ({reason})", path=path, reason=error.strerror or str(error)),
            _("Try again, or copy it to another place"),
        ) from error


def _refuse_other_kind_of_file(path: Path, known: os.stat_result) -> None:
    """Refuse a pipe or a device: reading one may wait for ever, and a file in its place would end what it is for."""
    if not stat.S_ISREG(known.st_mode):
        raise FileError(_("{path} is no ordinary file", path=path), _("Give another name"))


def read_stamp_or_nothing(path: Path) -> Stamp:
    """Return a file's stamp, or :data:`NOTHING` where none is there.

    Raises:
        FileError: it cannot be read.
    """
    return read_file_stamp(path) if path.exists() else NOTHING


def refuse_locked_file(path: Path, fix: str) -> None:
    """Refuse to write a file that Excel or LibreOffice has open, be it under another name that a link gives it.

    Raises:
        FileError: their mark stands beside it.
    """
    for place in dict.fromkeys((path, resolve_links(path))):
        for mark, program in ((f"~${place.name}", "Excel"), (f".~lock.{place.name}#", "LibreOffice")):
            if _is_there(place.with_name(mark)):
                raise FileError(
                    _(
                        "{path} is open in {program} (its mark {mark} stands beside it)",
                        path=path,
                        program=program,
                        mark=mark,
                    ),
                    _("{fix}; if it is open nowhere, delete that mark", fix=fix),
                )


def _is_there(path: Path) -> bool:
    """Whether a file is there; a name too long for the disk is none."""
    try:
        return path.exists()
    except OSError:
        return False


def refuse_unwritable_folder(path: Path) -> None:
    """Refuse a place where no file can be written.

    Raises:
        FileError: the folder is not there, or may not be written in or entered; what stands there is no ordinary file;
            the system has no such letters.
    """
    folder = path.parent
    _refuse_unknown_letters(path)
    try:
        if path.is_dir():
            raise FileError(_("{path} is a folder", path=path), _("Give a file's name"))
        if not folder.is_dir():
            raise FileError(
                _("There is no folder {folder}", folder=folder), _("Make it first, or give another place")
            )
        if path.exists():
            _refuse_other_kind_of_file(path, path.stat())
    except OSError as error:
        raise FileError(
            _("Nothing can be written at {path} ({reason})", path=path, reason=error.strerror or str(error)),
            _("Give another place, or a shorter name"),
        ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise FileError(
            _("The folder {folder} may not be written in", folder=folder), _("Give another place with -o")
        )


def _refuse_unknown_letters(path: Path) -> None:
    """Refuse a name that the system's encoding of names lacks, as a customer's may be where that is not UTF-8."""
    try:
        os.fsencode(path)
    except UnicodeEncodeError as error:
        raise FileError(
            _(
                "{path} cannot be the name of a file here: names are in {encoding}",
                path=path,
                encoding=sys.getfilesystemencoding(),
            ),
            _("Set the environment variable {name} and run it again", name="PYTHONUTF8=1"),
        ) from error


def refuse_protected_file(path: Path) -> None:
    """Refuse to write over a file that is read-only, or that stands in another folder too.

    A new file takes the place of the old one, so that another name of it would keep the old content.

    Raises:
        FileError: it is one of these.
    """
    known = path.stat()
    if not (known.st_mode & 0o222 and os.access(path, os.W_OK)):
        raise FileError(
            _("{path} is read-only", path=path),
            _("Remove the write protection, or write the results to another file with -o"),
        )
    if known.st_nlink > 1 and os.name != "nt":
        raise FileError(
            _(
                "{path} has a second name on this disk (a hard link), which would keep the old file",
                path=path,
            ),
            _("Write the results to another file with -o, or make a copy and refresh that"),
        )


def is_same_file(one: Path, other: Path) -> bool:
    """Whether two paths lead to one file, be it by links, by a second name, or by letters of another case."""
    places = resolve_links(one), resolve_links(other)
    if _is_there(places[0]) and _is_there(places[1]):
        return places[0].samefile(places[1])
    return str(places[0]).casefold() == str(places[1]).casefold()


# --- names beside a file -------------------------------------------------------------------------------


def build_hidden_name(name: str, ending: str) -> str:
    """Return the name of a hidden file beside one of this name; of a long name only the beginning is in it.

    >>> build_hidden_name("book.xlsx", ".lock")
    '.book.xlsx.lock'
    """
    encoded = os.fsencode(name)
    if len(encoded) <= LONGEST_NAME:
        return f".{name}{ending}"
    short = encoded[: LONGEST_NAME // 2].decode("utf-8", "ignore")
    return f".{short}.{hashlib.blake2b(encoded, digest_size=8).hexdigest()}{ending}"


def remove_leftovers(*files: Path) -> None:
    """Remove the half-written files beside some files of one folder, of them and of their backups, that nobody writes.

    A process that is killed leaves them; they are told by their names, and by that nobody holds them.
    """
    names = {build_hidden_name(file.name, "") for file in files}
    backups = {(f".{file.stem}.backup", file.suffix) for file in files}
    with suppress(OSError):
        for entry in list(os.scandir(files[0].parent)):
            found = _LEFT_OVER.fullmatch(entry.name)
            if found is None:
                continue
            kept = _BACKUP.fullmatch(found[1])
            ours = found[1] in names or (kept is not None and (kept[1], kept[2]) in backups)
            if ours and not renames.is_held(entry.path):
                with suppress(OSError):
                    Path(entry.path).unlink()


_LEFT_OVER = re.compile(r"(.+)\.[0-9a-f]{8}\.new", re.DOTALL)
_BACKUP = re.compile(r"(.+\.backup)(?:-[0-9]+)?((?:\.[^.]+)?)", re.DOTALL)


# --- replacing -----------------------------------------------------------------------------------------


@contextmanager
def replace_file(
    output: Path,
    *,
    seen: Stamp | None = None,
    fresh: bool = False,
    last_look: Callable[[], None] = lambda: None,
) -> Iterator[Path]:
    """Give a path to write to; when the block ends well the file moves to ``output`` in one step.

    The new file is written beside the old one and forced to the disk before it takes its place, so that ``output``
    is, at any moment, either the old file or the new one, whole. Where the block fails, Ctrl+C included, the new file
    is removed and the old one is as it was. It has the old file's permissions from its first byte, and its owner,
    group, extended attributes and access list as far as the system lets; a link stays a link. Only a process that is
    killed outright leaves the new file behind, half-written, under a name that starts with a dot and ends in
    ``.new``; the next run removes it.

    Args:
        output: the file to write.
        seen: the stamp of the old file, which is not replaced if it is another by now; :data:`NOTHING` where none
            was there.
        fresh: whether nothing may stand there; no link there is followed then.
        last_look: called when the new file is on the disk, immediately before it takes its place; what it raises
            leaves all as it was.

    Raises:
        FileError: the disk is full, the folder may not be written in, the file is held open, somebody else wrote it.
    """
    output = output.parent.resolve() / output.name if fresh else resolve_links(output)
    refuse_unwritable_folder(output)
    beside = output.with_name(build_hidden_name(output.name, f".{token_hex(4)}.new"))
    old = None if fresh else _read_status(output)
    held: int | None = None
    try:
        held = renames.create_held_file(beside, old)
        yield beside
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        if old is not None:
            with suppress(FileNotFoundError):  # it went meanwhile, which is told by who looks at it last
                _copy_attributes(output, beside)
        _put_in_place(beside, output, seen=seen, fresh=fresh or old is None, last_look=last_look)
        _flush_folder(output.parent)
    except OSError as error:
        raise _build_write_error(output, error) from error
    finally:
        if held is not None:
            os.close(held)
        with suppress(OSError):
            beside.unlink()


@contextmanager
def replace_files(outputs: Sequence[Path], *, fresh: bool = False) -> Iterator[list[Path]]:
    """Give paths to write to, one for each output of a folder; when the block ends well all of them take their places.

    Until all are written none is, so that a full disk leaves every file as it was. What a process that was killed left
    of them is removed first.
    They are held open until then, of which a system allows so many: see :data:`TOGETHER`.

    Args:
        outputs: the files to write, all in one folder.
        fresh: whether nothing may stand there; no link there is followed then.

    Raises:
        FileError: as :func:`replace_file`; one that is there is read-only, or has a second name.
    """
    for output in () if fresh else outputs:
        refuse_unwritable_folder(output)
        if output.exists():
            refuse_protected_file(output)
    remove_leftovers(*(output if fresh else resolve_links(output) for output in outputs))
    with ExitStack() as stack:
        yield [stack.enter_context(replace_file(output, fresh=fresh)) for output in outputs]


@contextmanager
def make_folder(folder: Path) -> Iterator[None]:
    """Make a folder, and those above it, where it is not there; where the block fails those that it made go again.

    One in which somebody has put something by then stays.

    Raises:
        FileError: it cannot be made.
    """
    missing = [one for one in (folder, *folder.parents) if not _is_there(one)]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _remove_folders(missing)
        raise FileError(
            _("The folder {folder} cannot be made ({reason})", folder=folder, reason=error.strerror),
            _("Give another place with -o"),
        ) from error
    try:
        yield
    except BaseException:
        _remove_folders(missing)
        raise


def _remove_folders(folders: Sequence[Path]) -> None:
    """Remove folders, the deepest first, as far as they are empty."""
    with suppress(OSError):
        for folder in folders:
            if folder.exists():
                folder.rmdir()


def resolve_links(path: Path) -> Path:
    """Return where a path leads; FileError where its links lead round in a circle."""
    try:
        return path.resolve()
    except (OSError, RuntimeError) as error:
        raise FileError(
            _("{path} is a link that leads round in a circle", path=path), _("Give the file itself")
        ) from error


def _read_status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _put_in_place(
    beside: Path, output: Path, *, seen: Stamp | None, fresh: bool, last_look: Callable[[], None]
) -> None:
    """Move the new file to its place, unless somebody else has written there."""
    last_look()
    if fresh:
        try:
            renames.move_to_free_name(beside, output)
        except FileExistsError as error:
            raise FileError(
                _("{path} is there already and is not overwritten", path=str(output)),
                _("Give another name, or move it away"),
            ) from error
        return
    if seen is None:
        beside.replace(output)
        return
    before = _look_at_file(output, seen)
    if renames.exchange_files(beside, output):
        held = renames.is_written(beside)
        if held or _read_quietly(beside) != seen:
            renames.exchange_files(beside, output)
            raise _build_held_error(output) if held else build_change_error(output)
        return
    now = _read_status(output)
    if now is None or _identify(now) != before:
        raise build_change_error(output)
    beside.replace(output)


def _look_at_file(path: Path, seen: Stamp) -> tuple[int, ...]:
    """Return what a file is on the disk, given that its content is as it was seen."""
    known = _read_status(path)
    if known is None or _read_quietly(path) != seen:
        raise build_change_error(path)
    return _identify(known)


def _identify(known: os.stat_result) -> tuple[int, ...]:
    return known.st_dev, known.st_ino, known.st_size, known.st_mtime_ns, known.st_ctime_ns


def _read_quietly(path: Path) -> Stamp | None:
    try:
        return read_file_stamp(path)
    except FileError:
        return None


def build_change_error(path: Path) -> FileError:
    """Return the error that says that somebody else wrote a file meanwhile."""
    return FileError(
        _(
            "{path} was changed by somebody else while it was being worked on; nothing was written",
            path=str(path),
        ),
        _("Run it again"),
    )


def _build_held_error(path: Path) -> FileError:
    """Return the error that says that another program has a file open and may write it at any moment."""
    return FileError(
        _("{path} is open in another program, which may write it; nothing was written", path=str(path)),
        _("Close it there and run it again"),
    )


def _copy_attributes(old: Path, new: Path) -> None:
    """Give a new file the owner, the group, the extended attributes and the permissions of an old one.

    What the system does not let stays as it is; a group that is not the old one gets no rights that all have not.
    """
    known = old.stat()
    mode = stat.S_IMODE(known.st_mode)
    if hasattr(os, "chown"):
        with suppress(OSError):
            os.chown(new, known.st_uid, -1)
        with suppress(OSError):
            os.chown(new, -1, known.st_gid)
        if new.stat().st_gid != known.st_gid:
            mode = renames.withhold_from_group(mode)
    _copy_extended_attributes(old, new)
    new.chmod(mode)


def _copy_extended_attributes(old: Path, new: Path) -> None:
    """Copy extended attributes, access lists among them, and remove those that the folder gave the new file."""
    if not hasattr(os, "listxattr"):
        return
    with suppress(OSError):
        wanted = {name: os.getxattr(old, name) for name in os.listxattr(old)}
        for name in set(os.listxattr(new)) - set(wanted):
            with suppress(OSError):
                os.removexattr(new, name)
        for name, value in wanted.items():
            with suppress(OSError):
                os.setxattr(new, name, value)


def _build_write_error(output: Path, error: OSError) -> FileError:
    reason = error.strerror or str(error)
    fix = _("Close it in Excel, or give another place with -o")
    if not isinstance(error, PermissionError):
        fix = _("Make room or give another place with -o")
    what = _("{path} could not be written ({reason}); it is as it was", path=output, reason=reason)
    return FileError(what, fix)


def _flush_folder(folder: Path) -> None:
    """Make the new name last through a power cut, where the system lets a folder be forced to disk."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
