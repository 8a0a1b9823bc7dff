"""Putting result sheets into a workbook: complete or not at all, and nothing lost unsaid.

Drawing and putting are two steps: whoever calls draws the sheets into an openpyxl workbook, and this
module brings them into the user's file.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

from openpyxl import Workbook, load_workbook

from xlprofit.errors import FileError
from xlprofit.sheets.parts import Value
from xlprofit.workbook.carry import extra_parts, keep_note_sizes, rewrites, slim
from xlprofit.workbook.losses import losses
from xlprofit.workbook.package import ending, main_part, opened, relations
from xlprofit.workbook.saving import Stamp, refuse_folder, refuse_locked, replacing, save, stamp

Values = Mapping[str, Mapping[str, Value]]
"""What formulas come to, by sheet name and address: ``{"Dashboard": {"B4": 1200.0}}``."""

Draw = Callable[[Workbook], Values | None]
"""Draws the result sheets into a workbook; may return what their formulas come to.

The user's sheets have no cells in that workbook: their cells go from file to file untouched.
"""


@dataclass(frozen=True)
class PutReport:
    """What was written: the file's path, and what the new file lacks that the old one has."""

    path: Path
    losses: tuple[str, ...] = ()


def put(
    source: Path, output: Path | None, draw: Draw, own: Sequence[str], *, seen: Stamp | None = None
) -> PutReport:
    """Write a copy of ``source`` with the result sheets drawn in, to ``output`` or in its own place.

    ``own`` names the result sheets: whatever stands on them is drawn anew. In its own place
    (``output`` is ``None`` or the same file) nothing is written if openpyxl would drop anything of
    the user's; to another file it is written, and the report lists what is missing there. ``seen``
    is the stamp that the source had when its tables were read; by default it is taken now.

    Formulas of the user's keep the values that they had; Excel is told to calculate on opening.
    The output is written beside its place and moved there in one step. Twice the same sheets give
    the same bytes in every part but ``docProps/core.xml``, which says when it was saved.

    :raises FileError: the source cannot be opened or has changed meanwhile; the output is open in
        Excel, is of another kind, or cannot be written; something would be lost in place.
    """
    seen = seen or stamp_of(source)
    in_place = output is None or (output.exists() and output.samefile(source))
    target = source if output is None else output
    _refuse_target(source, target, in_place)
    missing = losses(source, own)
    if in_place and missing:
        raise FileError(
            f"{source} was left as it is, for openpyxl would drop from it: {'; '.join(missing)}",
            f"Write the results to another file: -o {source.stem}-results{source.suffix}",
        )
    with replacing(target) as beside:
        try:
            _write(source, beside, draw, own)
        except FileError:
            _refuse_changed(source, seen)  # what seemed damaged may just have been written anew
            raise
        _refuse_changed(source, seen)
    return PutReport(target, () if in_place else missing)


def _write(source: Path, beside: Path, draw: Draw, own: Sequence[str]) -> None:
    """Write the new workbook; the source is closed again afterwards, for Windows replaces no open file."""
    with opened(source) as book:
        workbook = _loaded(source, book)
        values = draw(workbook) or {}
        workbook.calculation.fullCalcOnLoad = True  # the user's formulas may point at result sheets
        workbook.properties.modified = datetime.now(UTC).replace(tzinfo=None)
        cells = rewrites(book, workbook, own, values)
        save(workbook, beside, cells, extra_parts(book), macros=ending(source) == ".xlsm")


def stamp_of(source: Path) -> Stamp:
    """Return a workbook's stamp, to be given to :func:`put` where its tables are read before.

    :raises FileError: the file is not there or is no workbook.
    """
    with opened(source):
        return stamp(source)


def _refuse_target(source: Path, target: Path, in_place: bool) -> None:
    if ending(target) != ending(source):
        raise FileError(
            f"{source.name} cannot be written as {target.name}: an {ending(source)} stays an {ending(source)}",
            f"Name the output {target.stem}{ending(source)}",
        )
    refuse_folder(target)
    if target.exists():
        refuse_locked(target, "Close it there, or write to another file with -o")


def _refuse_changed(source: Path, seen: Stamp) -> None:
    if stamp(source) != seen:
        raise FileError(
            f"{source} was changed by somebody else while it was being worked on; nothing was written",
            "Run it again",
        )


def _loaded(source: Path, book: ZipFile) -> Workbook:
    macros = any(arrow.kind == "vbaProject" for arrow in relations(book, main_part(book)).values())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # losses() has said it already, and in words
            workbook = load_workbook(
                slim(book), keep_vba=macros and ending(source) == ".xlsm", rich_text=True
            )
    except FileError:
        raise
    except Exception as error:  # openpyxl raises whatever its descriptors stumble on
        raise FileError(
            f"{source} cannot be rewritten: openpyxl stumbles on it ({error})",
            "Open it in Excel and save it as a new workbook, then try again",
        ) from error
    keep_note_sizes(book, workbook)
    return workbook
