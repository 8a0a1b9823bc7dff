"""Files: those that a path, a folder or a pattern stands for, each of them once."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatch, fnmatchcase
from pathlib import Path
from typing import Literal

from xlprofit.findings import Finding, build_finding, phrase
from xlprofit.messages import _, name_in_workbook
from xlprofit.ooxml.saving import is_same_file, resolve_links
from xlprofit.sources.errors import SourceError
from xlprofit.sources.spec import SPARK, Source
from xlprofit.sources.watch import check_time, is_plain_file

PARQUET = (".parquet", ".pq")
TEXTS = (".csv", ".tsv", ".csv.gz", ".tsv.gz")
PLAIN_TEXTS = (".txt", ".txt.gz")
"""Endings that a note beside the data may have too."""

OTHER_DATA = (
    ".xlsx",
    ".xlsm",
    ".xlsb",
    ".xls",
    ".ods",
    ".json",
    ".zip",
    ".gz",
    ".zst",
    ".xml",
    ".orc",
    ".avro",
)
"""Endings of files that may hold data and cannot be read as files of a folder."""

PATTERN = "*?["
"""What makes a pattern of a path."""

MARKS = "*?[]{}"
"""What an engine may take for a pattern, or for the beginning of one."""

MOST_ENTRIES = 200_000
"""The most files and folders that are looked at for one source."""

SHOWN = 5
"""So many files are named in one message."""


Closed = dict[Path, OSError]
"""Folders that may not be entered, each with what the system says of it."""


@dataclass(frozen=True)
class Files:
    """The files of one source, all of one kind, in a fixed order, and what is to be said of them."""

    paths: tuple[Path, ...]
    kind: Literal["parquet", "text"]
    findings: tuple[Finding, ...] = ()

    def label(self, source: Source, path: Path) -> str:
        """Return what messages call one of the files: the source's own label, where there is no other file."""
        if len(self.paths) == 1:
            return source.label
        above = os.path.commonpath([p.parent for p in self.paths])
        return _(
            "{table} from {place}",
            table=name_in_workbook(source.table),
            place=path.relative_to(above).as_posix(),
        )


def resolve_source_path(source: Source) -> Path:
    """Return a file source's path; one that is not absolute starts where the workbook stands.

    Raises:
        SourceError: it is not absolute, and the workbook stands nowhere.
    """
    try:
        path = Path(source.address.removeprefix(SPARK)).expanduser()
    except RuntimeError as error:  # ~nobody
        raise SourceError(
            _("{source}: there is no such user", source=source.label), _("Write the whole path of the source")
        ) from error
    if source.folder is None and not path.is_absolute():
        raise SourceError(
            _(
                "{source}: the workbook has no folder on this computer from which the path {path} could start",
                source=source.label,
                path=path,
            ),
            _("Save the workbook in a folder, or write the whole path of the source"),
        )
    return (source.folder or Path()) / path


def _build_path_error(source: Source, error: OSError | ValueError) -> SourceError:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return SourceError(
        _("{source}: the path cannot be read ({reason})", source=source.label, reason=reason),
        _("Correct the path in the source"),
    )


def find_files(source: Source) -> Files:
    """Return the files that a source's path, folder or pattern stands for.

    A path that is there is that file, whatever marks of a pattern are in its name. A file that is reached
    twice, by a link, counts once.

    Raises:
        SourceError: there is no such file, or files of several kinds.
    """
    path = resolve_source_path(source)
    closed: Closed = {}
    try:
        found, others = _look_for_files(source, path, closed)
    except (OSError, ValueError) as error:  # a name too long, or with a zero in it
        raise _build_path_error(source, error) from error
    if not found and closed:
        raise _build_path_error(source, next(iter(closed.values())))
    if not found:
        raise SourceError(
            _("{source}: there is no file {path}", source=source.label, path=str(path)),
            _("Correct the path in the source"),
        )
    kinds = {_classify_file(p) for p in found}
    if len(kinds) > 1 or kinds == {""}:
        raise SourceError(
            _(
                "{source}: {path} is none of the files that can be read together",
                source=source.label,
                path=next((p for p in found if not _classify_file(p)), found[0]).name,
            ),
            _("Name Parquet files or CSV files (.parquet, .csv), one kind at a time, or a workbook"),
        )
    found = _exclude_linked_files(found)
    told = [
        *_report_unread_files(source, others),
        *_report_closed_folders(source, sorted(closed)),
        *_report_file_copies(source, found),
    ]
    return Files(tuple(found), "parquet" if kinds == {"parquet"} else "text", tuple(told))


def list_source_files(source: Source) -> list[Path]:
    """Return the files that a source's path, folder or pattern stands for by now; none where it cannot be looked at."""
    with suppress(OSError, ValueError, SourceError):
        return _look_for_files(source, resolve_source_path(source), {})[0]
    return []


def find_read_file(source: Source, paths: Sequence[Path]) -> Path | None:
    """Return the first of some files that a source reads, or would as soon as it is there; ``None`` where none is."""
    try:
        place = resolve_source_path(source)
        there = {_identify_file(file) for file in _list_if_any_is_there(source, paths)}
        return next(
            (path for path in paths if _is_of_place(path, place) or _identify_file(path) in there), None
        )
    except (OSError, ValueError, SourceError):
        return None


def _list_if_any_is_there(source: Source, paths: Sequence[Path]) -> list[Path]:
    """Return the files of a source; none where no file is there that could be one of them."""
    return list_source_files(source) if any(path.exists() for path in paths) else []


def _identify_file(path: Path) -> object:
    """Return what tells a file from others, whatever links lead to it; some file systems number no files."""
    file = resolve_links(path)
    known = file.stat() if file.exists() else None
    return (known.st_dev, known.st_ino) if known is not None and known.st_ino else file


def _is_of_place(path: Path, place: Path) -> bool:
    """Whether a file is the one that a path names, or by its name one of a folder, or of a pattern."""
    file = resolve_links(path)
    if is_same_file(path, place):
        return True
    if place.is_dir():
        return file.is_relative_to(place.resolve()) and _is_visible(file) and _classify_file(file) != ""
    if not any(mark in str(place) for mark in PATTERN):
        return False
    folder, names = _split_pattern(place)
    front = folder.resolve()
    return file.is_relative_to(front) and _fits_pattern(file.relative_to(front).parts, names)


def _fits_pattern(parts: Sequence[str], names: Sequence[str]) -> bool:
    """Whether the parts of a path are those of a pattern, in which ``**`` stands for any folders."""
    used = _skip_any_folders({0}, names)
    for part in parts:
        stayed = {at for at in used if names[at : at + 1] == ("**",)}
        gone = {at + 1 for at in used - stayed if at < len(names) and _matches_name(part, names[at])}
        used = _skip_any_folders(stayed | gone, names)
    return len(names) in used


def _skip_any_folders(used: set[int], names: Sequence[str]) -> set[int]:
    """Return how many names of a pattern may be used up, given that ``**`` may stand for no folder."""
    found = set(used)
    for at, name in enumerate(names):
        if at in found and name == "**":
            found.add(at + 1)
    return found


def _matches_name(name: str, pattern: str) -> bool:
    """Whether a name of a file or a folder fits a pattern, in the system's way with small and capital letters."""
    return fnmatch(name, pattern) if os.name == "nt" else fnmatchcase(name, pattern)


def _look_for_files(source: Source, path: Path, closed: Closed) -> tuple[list[Path], list[Path]]:
    """Return the files that are read, and those of a folder that are not and may hold data."""
    if path.is_dir():
        return _list_folder_files(source, path, closed)
    if path.exists():
        if not is_plain_file(path):
            raise SourceError(
                _("{source}: {path} is no ordinary file", source=source.label, path=str(path)),
                _("Copy it to a folder, and name that file"),
            )
        return [path], []
    return _match_pattern(source, path, closed)


def find_plain_path(path: Path, folder: Path) -> str:
    """Return a path in which no engine finds a pattern: its own, or that of a link to it in a folder of ours."""
    if not any(mark in str(path) for mark in MARKS):
        return str(path)
    name = hashlib.blake2b(os.fsencode(path.resolve()), digest_size=12).hexdigest()
    ending = "".join(path.suffixes[-2:] if path.suffix.lower() == ".gz" else path.suffixes[-1:])
    link = folder / f"{name}{ending if not any(mark in ending for mark in MARKS) else ''}"
    if not link.exists():
        try:
            link.symlink_to(path.resolve())
        except (OSError, NotImplementedError):  # Windows lets not everybody make a link
            shutil.copyfile(path, link)
    return str(link)


def _classify_file(path: Path) -> Literal["parquet", "text", ""]:
    name = path.name.lower()
    if name.endswith(PARQUET):
        return "parquet"
    return "text" if name.endswith((*TEXTS, *PLAIN_TEXTS)) else ""


def _list_folder_files(source: Source, folder: Path, closed: Closed) -> tuple[list[Path], list[Path]]:
    """Return the files of a folder that are read, and those that are not and may hold data."""
    every, strange = _list_visible_files(source, folder, closed)
    columns, texts, notes = (_list_ending(every, ending) for ending in (PARQUET, TEXTS, PLAIN_TEXTS))
    others = [p for p in _list_ending(every, OTHER_DATA) if _classify_file(p) == ""]
    others += [p for p in strange if p.is_symlink() or _classify_file(p)]
    if columns and texts:
        return [columns[0], texts[0]], []  # which are not read together
    if columns:
        return columns, others
    if texts:
        return texts, others + notes
    if notes or closed:
        return notes, others
    raise SourceError(
        _(
            "{source}: the folder {folder} has no Parquet or CSV file in it",
            source=source.label,
            folder=str(folder),
        ),
        _("Put the files there, or correct the path in the source"),
    )


def _list_visible_files(source: Source, folder: Path, closed: Closed) -> tuple[list[Path], list[Path]]:
    """Return the files below a folder, but for hidden and temporary ones; and what is called so and is no file."""
    every = sorted(path for path in _walk(source, folder, closed) if _is_visible(path))
    files = [path for path in every if is_plain_file(path)]
    known = set(files)
    return files, [path for path in every if path not in known]


def _is_visible(path: Path) -> bool:
    """Whether a file of a folder is neither hidden nor a temporary one."""
    return not path.name.startswith((".", "_", "~$"))


def _walk(source: Source, folder: Path, closed: Closed) -> Iterator[Path]:
    """Give what stands below a folder and is no folder, following no link to one; no more than anybody means.

    Raises:
        SourceError: it takes too long, or there are too many.
    """
    left, count = [folder], 0
    while left:
        for entry in _scan_folder(left.pop(), closed):
            count = _count_entry(source, count)
            if entry.is_dir(follow_symlinks=False):
                left.append(Path(entry.path))
            elif not (entry.is_symlink() and Path(entry.path).is_dir()):
                yield Path(entry.path)


def _scan_folder(folder: Path, closed: Closed) -> list[os.DirEntry[str]]:
    """Return what a folder holds; nothing of one that may not be entered, which is added to ``closed``."""
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError as error:
        closed[folder] = error
        return []


def _count_entry(source: Source, count: int) -> int:
    """Return the number of entries that were looked at with one more.

    Raises:
        SourceError: it takes too long, or there are too many.
    """
    check_time()
    if count >= MOST_ENTRIES:
        raise SourceError(
            _("{source}: there are more than {n:,} files and folders", source=source.label, n=MOST_ENTRIES),
            _("Name the folder that holds the files"),
        )
    return count + 1


def _list_ending(files: Sequence[Path], endings: str | tuple[str, ...]) -> list[Path]:
    """Return the files whose names end so, whatever their case."""
    return [path for path in files if path.name.lower().endswith(endings)]


def _split_pattern(path: Path) -> tuple[Path, tuple[str, ...]]:
    """Return the folders in front of a pattern that are there, and the names behind them."""
    parts = path.parts
    size = max((n for n in range(1, len(parts)) if Path(*parts[:n]).is_dir()), default=0)
    return Path(*parts[:size]) if size else Path(), parts[size:]


def _match_pattern(source: Source, path: Path, closed: Closed) -> tuple[list[Path], list[Path]]:
    """Return the files that a pattern matches, and what it matches and is neither a file nor a folder.

    The folders in front of it that are there are no pattern.

    ``*`` and ``?`` stand for letters of a name, ``[ab]`` for one of some, and a name ``**`` for any folders.
    """
    if not any(mark in str(path) for mark in PATTERN):
        return [], []
    found: set[Path] = set()
    count = 0
    left = [_split_pattern(path)]
    seen: set[tuple[Path, int]] = set()
    while left:
        folder, names = left.pop()
        if (folder, len(names)) in seen:
            continue
        seen.add((folder, len(names)))
        for entry in _scan_folder(folder, closed):
            count = _count_entry(source, count)
            left += _match_entry(entry, names, found)
    files = {path for path in found if is_plain_file(path)}
    return sorted(files), sorted(path for path in found - files if not path.is_dir())


def _match_entry(
    entry: os.DirEntry[str], names: tuple[str, ...], found: set[Path]
) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Give where to look on from an entry of a folder for the rest of a pattern; add it where it is the last."""
    if names[0] == "**":
        if entry.is_dir(follow_symlinks=False):
            yield Path(entry.path), names
        if len(names) == 1:
            found.add(Path(entry.path))
            return
        yield from _match_entry(entry, names[1:], found)
        return
    if not _matches_name(entry.name, names[0]):
        return
    if len(names) == 1:
        found.add(Path(entry.path))
    elif entry.is_dir():
        yield Path(entry.path), names[1:]


def _exclude_linked_files(paths: Sequence[Path]) -> list[Path]:
    """Return the files without those that are another one of them by a link."""
    found: dict[object, Path] = {}
    for path in paths:
        found.setdefault(_identify_file(path), path)
    return list(found.values())


def _report_unread_files(source: Source, others: Sequence[Path]) -> Iterable[Finding]:
    if others:
        what = phrase(
            "D08",
            "files_folder_not",
            n=len(others),
            names=_join_file_names(others),
        )
        yield build_finding("D08", source.label, "", what, count=len(others))


def _report_closed_folders(source: Source, folders: Sequence[Path]) -> Iterable[Finding]:
    if folders:
        what = phrase("D08", "folders_not_entered", n=len(folders), names=_join_file_names(folders))
        fix = phrase("D08", "ask_right")
        yield build_finding("D08", source.label, "", what, fix=fix, count=len(folders))


def _report_file_copies(source: Source, paths: Sequence[Path]) -> Iterable[Finding]:
    """Return the warnings of files that have the same content as another, byte for byte."""
    sizes: dict[int, list[Path]] = {}
    for path in paths:
        sizes.setdefault(path.stat().st_size, []).append(path)
    for alike in (some for some in sizes.values() if len(some) > 1):
        first: dict[bytes, Path] = {}
        for path in alike:
            original = first.setdefault(_compute_file_digest(path), path)
            if original is not path and _has_rows(path):
                what = phrase("D09", "same_content", copy=path.name, file=original.name)
                yield build_finding("D09", source.label, "", what)


def _compute_file_digest(path: Path) -> bytes:
    digest = hashlib.sha256()
    with path.open("rb") as opened:
        while piece := opened.read(1 << 20):
            check_time()
            digest.update(piece)
    return digest.digest()


def _has_rows(path: Path) -> bool:
    """Whether a file has more than its headers: months without a row are alike, and no copies."""
    if _classify_file(path) == "parquet":
        import pyarrow.parquet

        try:
            return bool(pyarrow.parquet.read_metadata(path).num_rows)
        except Exception:  # a damaged file: what is wrong with it is said where it is read
            return False
    with path.open("rb") as opened:
        return path.name.lower().endswith(".gz") or opened.read(1 << 16).strip().count(b"\n") > 0


def _join_file_names(paths: Sequence[Path]) -> str:
    names = ", ".join(path.name for path in paths[:SHOWN])
    return f"{names}, …" if len(paths) > SHOWN else names
