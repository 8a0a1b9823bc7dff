"""Files: those that a path, a folder or a pattern stands for, each of them once."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from xlprofit.findings import Finding, build_finding, phrase
from xlprofit.messages import _, name_in_workbook
from xlprofit.sources.errors import SourceError
from xlprofit.sources.spec import SPARK, Source

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

SHOWN = 5
"""So many files are named in one message."""


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
    path = Path(source.address.removeprefix(SPARK)).expanduser()
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


def find_files(source: Source) -> Files:
    """Return the files that a source's path, folder or pattern stands for.

    A path that is there is that file, whatever marks of a pattern are in its name. A file that is reached
    twice, by a link, counts once.

    Raises:
        SourceError: there is no such file, or files of several kinds.
    """
    path = resolve_source_path(source)
    others: list[Path] = []
    if path.is_dir():
        found, others = _list_folder_files(source, path)
    elif path.exists():
        found = [path]
    else:
        found = _match_pattern(path)
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
    told = [*_report_unread_files(source, others), *_report_file_copies(source, found)]
    return Files(tuple(found), "parquet" if kinds == {"parquet"} else "text", tuple(told))


def escape_pattern(path: Path) -> str:
    """Return a path in which no mark of a pattern means anything to DuckDB but itself."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in str(path))


def _classify_file(path: Path) -> Literal["parquet", "text", ""]:
    name = path.name.lower()
    if name.endswith(PARQUET):
        return "parquet"
    return "text" if name.endswith((*TEXTS, *PLAIN_TEXTS)) else ""


def _list_folder_files(source: Source, folder: Path) -> tuple[list[Path], list[Path]]:
    """Return the files of a folder that are read, and those that are not and may hold data."""
    every = _list_visible_files(folder)
    columns, texts, notes = (_list_ending(every, ending) for ending in (PARQUET, TEXTS, PLAIN_TEXTS))
    others = [p for p in _list_ending(every, OTHER_DATA) if _classify_file(p) == ""]
    others += _list_broken_links(folder)
    if columns and texts:
        return [columns[0], texts[0]], []  # which are not read together
    if columns:
        return columns, others
    if texts:
        return texts, others + notes
    if notes:
        return notes, others
    raise SourceError(
        _(
            "{source}: the folder {folder} has no Parquet or CSV file in it",
            source=source.label,
            folder=str(folder),
        ),
        _("Put the files there, or correct the path in the source"),
    )


def _list_visible_files(folder: Path) -> list[Path]:
    """Return the files below a folder, but for hidden and temporary ones."""
    return sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith((".", "_", "~$")))


def _list_broken_links(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_symlink() and not p.exists())


def _list_ending(files: Sequence[Path], endings: str | tuple[str, ...]) -> list[Path]:
    """Return the files whose names end so, whatever their case."""
    return [path for path in files if path.name.lower().endswith(endings)]


def _match_pattern(path: Path) -> list[Path]:
    """Return the files that a pattern matches; the folders in front of it that are there are no pattern."""
    if not any(mark in str(path) for mark in "*?["):
        return []
    parts = path.parts
    size = max((n for n in range(1, len(parts)) if Path(*parts[:n]).is_dir()), default=0)
    anchor = Path(*parts[:size]) if size else Path()
    return sorted(p for p in anchor.glob(str(Path(*parts[size:]))) if p.is_file())


def _exclude_linked_files(paths: Sequence[Path]) -> list[Path]:
    """Return the files without those that are another one of them by a link."""
    found: dict[object, Path] = {}
    for path in paths:
        known = path.stat()  # some file systems number no files
        found.setdefault((known.st_dev, known.st_ino) if known.st_ino else path.resolve(), path)
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
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").digest()


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
