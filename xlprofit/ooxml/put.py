"""Putting result sheets into a workbook: complete or not at all, and nothing else in it touched.

Every part of the user's package goes over as the compressed bytes that it is; only what is ours, and the
few lists that must name it, are written anew (:mod:`xlprofit.ooxml.placing`).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile, ZipFile

from xlprofit.errors import FileError
from xlprofit.messages import _, _n, join_as_list
from xlprofit.ooxml.additions import list_lost_additions
from xlprofit.ooxml.archive import Content, rewrite_archive
from xlprofit.ooxml.listing import Listed, Listing, extend_sheet_list, read_sheet_list
from xlprofit.ooxml.lock import lock_workbook
from xlprofit.ooxml.manifest import SIGNATURE
from xlprofit.ooxml.package import (
    MACRO_SHEETS,
    build_damage_error,
    find_file_ending,
    find_main_part,
    list_sheet_parts,
    open_package,
    read_relations,
)
from xlprofit.ooxml.saving import (
    NOTHING,
    Stamp,
    build_change_error,
    read_file_stamp,
    read_stamp_or_nothing,
    refuse_locked_file,
    refuse_protected_file,
    refuse_unwritable_folder,
    replace_file,
    resolve_links,
)
from xlprofit.sheets.parts import Sheet

Describe = Callable[[tuple[str, ...]], Sequence[Sheet]]
"""Gives the result sheets, once it knows the names of the sheets that the workbook has."""

Change = Callable[[ZipFile], Mapping[str, Content]]
"""Gives what parts of the user's are to hold instead, by name."""


@contextmanager
def rewrite_workbook(source: Path, output: Path | None) -> Iterator[Path]:
    """Give a path to write a workbook anew to, as a refresh does: held by a lock, and over nobody's edit.

    :raises FileError: it cannot be written, as far as that can be seen beforehand; somebody else wrote it meanwhile.
    """
    seen = read_file_stamp(source)
    target = choose_written_file(source, output)
    refuse_unwritable_output(source, output)
    with lock_workbook(target):
        there = seen if target == source else read_stamp_or_nothing(target)
        look = partial(_refuse_changed_workbook, source, seen)
        with replace_file(target, seen=there, last_look=look) as beside:
            yield beside


@dataclass(frozen=True)
class PutReport:
    """What was written: the file's path, what it lacks that the source has, the old file's copy, what else to say."""

    path: Path
    losses: tuple[str, ...] = ()
    backup: Path | None = None
    notes: tuple[str, ...] = ()


def put_result_sheets(
    source: Path,
    output: Path | None,
    describe: Describe,
    *,
    seen: Stamp | None = None,
    replaced: Stamp | None = None,
    backup: bool = False,
    change: Change = lambda book: {},
) -> PutReport:
    """Write ``source`` with the result sheets in it to ``output``, or in its own place.

    Result sheets of ours that are there keep their place, name and number, so that formulas and links
    that point at them still do; new ones go to the end. Whatever stands on them is drawn anew. Twice
    the same sheets give the same bytes. Excel is told to calculate on opening.

    Args:
        source: the workbook.
        output: the file to write; ``None`` or the same file: in place.
        describe: gives the sheets.
        seen: the stamp that the source had when its tables were read; by default it is taken now.
        replaced: the stamp of another file that is written over, when it was read, :data:`NOTHING` where none was
            there; by default it is taken now.
        backup: keep the file that is written over, as ``BOOK.backup.xlsx`` beside it, or under the next free number.
        change: gives what other parts are to hold instead; most often none.

    :raises FileError: see :func:`examine_workbook`; also where the source changes meanwhile, or the output
        cannot be written. The old file is then as it was.
    """
    seen = seen or read_file_stamp(source)
    target = choose_written_file(source, output)
    refuse_unwritable_output(source, output)
    there = seen if target == source else replaced or read_stamp_or_nothing(target)
    kept: Path | None = None
    losses: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    look = partial(_refuse_changed_workbook, source, seen)
    try:
        with replace_file(target, seen=there, last_look=look) as beside:
            try:
                with open_package(source) as book:
                    notes, losses = _write_result_sheets(
                        source, book, beside, describe, change, in_place=target == source
                    )
            except FileError:
                _refuse_changed_workbook(source, seen)  # what seemed damaged may just have been written anew
                raise
            kept = _write_backup(target) if backup and there is not NOTHING else None
    except BaseException:
        if kept is not None:  # nothing was written over
            with suppress(OSError):
                kept.unlink()
        raise
    return PutReport(target, losses, kept, notes)


def _list_losses(book: ZipFile, old: Listing, sheets: Sequence[Sheet]) -> tuple[str, ...]:
    """Return what a workbook has that the file that is written has not."""
    signature = (_("the digital signature, which would not hold"),) if _is_signed_package(book) else ()
    return signature + list_lost_additions(book, old, {sheet.name: len(sheet.charts) for sheet in sheets})


def examine_workbook(source: Path, output: Path | None, own: Sequence[str]) -> Stamp:
    """Return a workbook's stamp for :func:`put_result_sheets`, after all that can be seen beforehand is seen.

    :raises FileError: the source cannot be opened, is shared in the old way, has a sheet of the user's where
        one of ``own`` must go, or is signed and to be written in place; the output is of another kind, open
        in Excel, or cannot be written.
    """
    seen = read_file_stamp(source) if source.is_file() else None
    with open_package(source) as book:
        refuse_taken_names(source, read_sheet_list(book).sheets, own)
        _refuse_shared_workbook(source, book)
        if _is_signed_package(book) and choose_written_file(source, output) == source:
            raise FileError(
                _("{path} bears a digital signature, which would no longer hold", path=str(source)),
                _(
                    "Write the results to another file: {option}",
                    option=f"-o {source.stem}-results{source.suffix}",
                ),
            )
    refuse_unwritable_output(source, output)
    return seen or read_file_stamp(source)


def refuse_unwritable_output(source: Path, output: Path | None) -> None:
    """Refuse an output that cannot be written.

    :raises FileError: it is of another kind than the source, open in Excel, or its folder may not be written in.
    """
    target = choose_written_file(source, output)
    if find_file_ending(target) != find_file_ending(source):
        raise FileError(
            _(
                "{source} cannot be written as {output}: an {ending} stays an {ending}",
                source=source.name,
                output=target.name,
                ending=find_file_ending(source),
            ),
            _("Name the output {name}", name=f"{target.stem}{find_file_ending(source)}"),
        )
    refuse_unwritable_folder(target)
    resolve_links(target)
    if target.exists():
        refuse_locked_file(target, _("Close it there, or write to another file with -o"))
        refuse_protected_file(target)


def choose_written_file(source: Path, output: Path | None) -> Path:
    """Return the file that is written: the source itself where the output is not another one."""
    if output is None:
        return source
    try:
        same = output.exists() and source.exists() and output.samefile(source)
    except OSError:  # what is wrong with the place is said where it is written
        same = False
    return source if same else output


def load_drawing_modules() -> None:
    """Load what draws the sheets, which takes a tenth of a second, and may be done while a file is read."""
    import_module("xlprofit.ooxml.placing")


def _write_result_sheets(
    source: Path, book: ZipFile, beside: Path, describe: Describe, change: Change, *, in_place: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Write the workbook with the sheets that ``describe`` gives; return what is to be said of it, what it lacks."""
    from xlprofit.ooxml.placing import Placing, place_result_sheets

    try:
        old = read_sheet_list(book)
        sheets = describe(tuple(sheet.name for sheet in old.sheets))
        refuse_taken_names(source, old.sheets, [sheet.name for sheet in sheets])
        notes = _check_structure_lock(source, old, sheets, in_place=in_place) + _note_macro_sheets(book)
        losses = _list_losses(book, old, sheets)
        placing = (
            place_result_sheets(book, sheets)
            if sheets
            else Placing({old.part: extend_sheet_list(old, {}, (), (), {})})
        )
        placing.contents.update(change(book))
        with beside.open("wb") as file:
            rewrite_archive(book, file, placing.contents, placing.dropped)
    except (BadZipFile, ExpatError, ParseError) as error:
        raise build_damage_error(source, error) from error
    if placing.stale:
        notes += (
            _(
                "the workbook has formulas of other add-ins and is not calculated on opening, so that they keep "
                "their values: press Ctrl+Alt+F9 in Excel to bring your formulas over result sheets up to date"
            ),
        )
    return notes, losses


def _check_structure_lock(
    source: Path, old: Listing, sheets: Sequence[Sheet], *, in_place: bool
) -> tuple[str, ...]:
    """Return what is to be said of sheets added to a copy of a workbook whose structure is protected.

    :raises FileError: the workbook itself is to be written, and not all sheets are there.
    """
    there = {sheet.name.casefold() for sheet in old.sheets if sheet.ours}
    if not old.locked or all(sheet.name.casefold() in there for sheet in sheets):
        return ()
    if in_place:
        raise FileError(
            _("The structure of {path} is protected, so that no result sheet can be added", path=str(source)),
            _(
                "Take the protection off (Review > Protect Workbook), or write the results to another file: {option}",
                option=f"-o {source.stem}-results{source.suffix}",
            ),
        )
    return (
        _(
            "the structure of the workbook is protected: result sheets were added to the copy, which stays protected"
        ),
    )


def _note_macro_sheets(book: ZipFile) -> tuple[str, ...]:
    """Return what is to be said of sheets of Excel 4 macros, which are neither read nor changed."""
    found = [sheet.name for sheet in list_sheet_parts(book) if sheet.kind in MACRO_SHEETS]
    if not found:
        return ()
    return (
        _n(
            "the sheet {names} holds Excel 4 macros, which xlprofit neither reads nor changes; Excel blocks them "
            "unless they are allowed (File > Options > Trust Center > Macro Settings)",
            "the sheets {names} hold Excel 4 macros, which xlprofit neither reads nor changes; Excel blocks them "
            "unless they are allowed (File > Options > Trust Center > Macro Settings)",
            len(found),
            names=join_as_list(found),
        ),
    )


def refuse_taken_names(source: Path, there: Sequence[Listed], own: Sequence[str]) -> None:
    """Refuse a workbook that has a sheet of the user's, among those that are ``there``, where one of ``own`` must go.

    :raises FileError: it has.
    """
    wanted = {name.casefold() for name in own}
    for sheet in there:
        if sheet.name.casefold() in wanted and not sheet.ours:
            raise FileError(
                _(
                    '{path} has a sheet "{sheet}" that xlprofit did not make, where a result sheet must go',
                    path=str(source),
                    sheet=sheet.name,
                ),
                _("Rename that sheet, or delete it if it is an old result, and run it again"),
            )


def _refuse_shared_workbook(source: Path, book: ZipFile) -> None:
    kinds = {arrow.kind for arrow in read_relations(book, find_main_part(book)).values()}
    if "revisionHeaders" in kinds:
        raise FileError(
            _("{path} is shared in the old way of Excel, with a history of its changes", path=str(source)),
            _("In Excel take the sharing off: Review > Unshare Workbook, and save"),
        )


def _is_signed_package(book: ZipFile) -> bool:
    return any(arrow.kind == SIGNATURE for arrow in read_relations(book, "").values())


def _refuse_changed_workbook(source: Path, seen: Stamp) -> None:
    """Refuse to go on where a workbook is another than it was seen.

    :raises FileError: it is, or it is gone.
    """
    if read_file_stamp(source) != seen:
        raise build_change_error(source)


def _write_backup(target: Path) -> Path:
    """Copy a file to its backup under the first name that is free, complete or not at all; return it."""
    number = 1
    while True:
        end = "" if number == 1 else f"-{number}"
        backup = target.with_name(f"{target.stem}.backup{end}{target.suffix}")
        number += 1
        if os.path.lexists(backup):
            continue
        try:
            with replace_file(backup, fresh=True) as beside:
                shutil.copy2(target, beside)
        except FileError:
            if not os.path.lexists(backup):
                raise
        else:
            return backup
