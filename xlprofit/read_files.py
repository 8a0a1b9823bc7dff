"""The files that a workbook's figures are read from: no command writes over one of them, or into their midst."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING

from xlprofit.closed_periods import name_closed_file
from xlprofit.errors import FileError, XlprofitError
from xlprofit.messages import _
from xlprofit.ooxml.saving import is_same_file

if TYPE_CHECKING:
    from xlprofit.sources.spec import Source


def refuse_read_files(
    written: Iterable[Path], book: Path | None, given: Sequence[str | Source] = (), *, closing: bool = False
) -> None:
    """Refuse to write what a workbook's figures are read from, or what would be read with it the next time.

    Args:
        written: the files that are to be written, there already or not.
        book: the workbook, whose table Sources is read for that, and nothing else of it; ``None`` where there is none.
        given: sources that were named beside that, as :func:`xlprofit.workflow.analyze` has them.
        closing: whether they are files of closed periods of the workbook, which are theirs to be.

    Raises:
        FileError: one of them is the workbook, a closed period of it, a file of a source, or the file of orders that
            goes with one; or it would be read as part of a folder or of a pattern. The workbook cannot be read.
    """
    files = list(written)
    if not files:
        return
    own = _list_own_files(book, closing) if book is not None else []
    for path in files:
        if any(is_same_file(path, one) for one in own):
            raise _build_read_error(path)
    for source in (*_list_given_files(given), *(_list_named_files(book) if book is not None else ())):
        _refuse_files_of_source(files, source)


def _list_own_files(book: Path, closing: bool) -> list[Path]:
    """Return a workbook and, unless one of them is to be written, its closed periods."""
    closed = name_closed_file(Path(escape(book.name)), "*").name
    return [book, *(() if closing else book.parent.glob(closed))]


def refuse_copy_over_source(book: Path, copy: Path | None, given: Sequence[str | Source] = ()) -> None:
    """Refuse to write a copy of a workbook over what its figures are read from; in its own place it may be written.

    Raises:
        FileError: as :func:`refuse_read_files`.
    """
    from xlprofit.ooxml.put import choose_written_file

    if copy is not None and choose_written_file(book, copy) != book:
        refuse_read_files([copy], book, given)


def _list_given_files(given: Sequence[str | Source]) -> Iterator[Source]:
    """Give the sources of a command that are files."""
    from xlprofit.sources.spec import read_given_sources

    for source in read_given_sources(given):
        yield from _locate_file_source(source)


def _list_named_files(book: Path) -> Iterator[Source]:
    """Give the sources of a workbook's table Sources that are files; a row that cannot be read is none."""
    from xlprofit.ooxml.read import read_input_tables
    from xlprofit.sources.sheet import list_usable_rows
    from xlprofit.sources.spec import build_source

    raws = read_input_tables(book, only=("Sources",))
    for row, profile in list_usable_rows(raws["Sources"]) if raws else ():
        with suppress(XlprofitError):
            address = str(row["source"]).strip()
            yield from _locate_file_source(
                build_source(str(row["table"]), address, folder=book.parent, profile=profile)
            )


def _locate_file_source(source: Source) -> Iterator[Source]:
    """Give a source with its path, where that is kept elsewhere; nothing where it is no file, or nobody knows which."""
    from xlprofit.sources.connections import has_files
    from xlprofit.sources.spec import locate_source

    with suppress(XlprofitError):
        located = locate_source(source)
        if has_files(located):
            yield located


def _refuse_files_of_source(paths: Sequence[Path], source: Source) -> None:
    from xlprofit.sources.files import find_read_file

    joined = _list_joined_files(source)
    for path in paths:
        if any(is_same_file(path, file) for file in joined):
            raise _build_read_error(path)
    found = find_read_file(source, paths)
    if found is None:
        return
    if found.exists():
        raise _build_read_error(found)
    raise FileError(
        _("{source}: {path} would be read as part of it the next time", source=source.label, path=found),
        _("Give a place where nothing is read from"),
    )


def _build_read_error(path: Path) -> FileError:
    return FileError(
        _("{path} is what the figures are read from, and is not overwritten", path=path),
        _("Give another name"),
    )


def _list_joined_files(source: Source) -> list[Path]:
    """Return the files of orders that a profile joins to a source's files, where they stand beside those."""
    from xlprofit.importing.profiles.profile import load_profile
    from xlprofit.sources.files import list_source_files

    if not source.profile:
        return []
    with suppress(XlprofitError):
        heads = [rule.heads for rule in load_profile(source.profile, source.folder).tables]
        names = {one.file for one in heads if one is not None and one.file}
        folders = {file.parent for file in list_source_files(source)} if names else ()
        return [folder / name for folder in folders for name in names]
    return []
