"""Taking sample rows out of a workbook: only those that are still as they were made, and all else stays as it stands.

The cells of such rows are blanked where they stand, so that nothing that points at a row of the user's points
elsewhere; an Excel Table that ends in them ends before them. Result sheets, which showed the sample, say so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import ZipFile

from xlprofit.errors import XlprofitError
from xlprofit.headings import known_keys, language_of
from xlprofit.messages import ENGLISH, _
from xlprofit.ooxml import blanking, guide, sample
from xlprofit.ooxml.archive import Content
from xlprofit.ooxml.listing import read_sheet_list
from xlprofit.ooxml.package import SheetPart, open_package, read_part, read_part_tree, read_relations
from xlprofit.ooxml.put import put_result_sheets
from xlprofit.ooxml.read import ListObject, locate_input_tables, name_excel_table, read_input_tables
from xlprofit.ooxml.saving import Stamp
from xlprofit.sheets import cleared
from xlprofit.sheets.parts import Sheet
from xlprofit.tables import TABLES, Raw, header_key


@dataclass(frozen=True)
class Cleared:
    """What a clearing did, by table: sample rows ``removed``, rows ``emptied`` of the sample's figures, rows ``kept``.

    ``kept`` counts the rows that the user wrote or changed, of tables that had a sample. ``untouched`` are the
    tables that say how the trade works and have rows. ``backup`` is the old file's copy, ``language`` the
    workbook's.
    """

    path: Path
    removed: Mapping[str, int] = field(default_factory=dict)
    emptied: Mapping[str, int] = field(default_factory=dict)
    kept: Mapping[str, int] = field(default_factory=dict)
    untouched: tuple[str, ...] = ()
    backup: Path | None = None
    language: str = ENGLISH


@dataclass(frozen=True)
class _Share:
    """What of a table is sample: sheet rows as made, and of those the ones whose names stay; rows of the user's."""

    raw: Raw
    sheet: SheetPart
    table: ListObject | None
    made: tuple[int, ...]
    named: tuple[int, ...]
    own: tuple[int, ...]

    @property
    def moved(self) -> dict[int, int]:
        """The sheet rows in which rows of which the names stay stand then, and where they stood."""
        return dict(zip(self.made, self.named, strict=False))


def clear_sample_rows(
    source: Path,
    output: Path | None,
    seen: tuple[Stamp, Stamp],
    *,
    say: Callable[[Iterable[Sheet], str], list[Sheet]],
    backup: bool = False,
) -> Cleared:
    """Write a workbook without the sample rows that it was made with; arguments as those of :func:`put_result_sheets`.

    ``say`` gives result sheets in the workbook's language; ``seen`` has the stamps of the workbook and of the file that
    is written over.

    :raises XlprofitError: there are no sample rows in it.
    :raises FileError: as :func:`put_result_sheets`.
    """
    raws = read_input_tables(source)
    language = language_of(raws.get("Settings"))
    shares = _find_sample_tables(source, raws)
    if not any(share.made for share in shares.values()):
        raise XlprofitError(
            _("{path} has no sample rows", path=str(source)),
            _("Only those that a template made and nobody changed are taken for such"),
        )
    results = say(_describe_emptied_results(source), language)
    report = put_result_sheets(
        source,
        output,
        lambda names: results,
        seen=seen[0],
        replaced=seen[1],
        backup=backup,
        change=lambda book: _build_changed_parts(book, shares),
    )
    return Cleared(
        report.path,
        {name: len(share.made) - len(share.named) for name, share in shares.items()},
        {name: len(share.named) for name, share in shares.items() if name in sample.EMPTIED},
        {name: len(share.own) for name, share in shares.items()},
        tuple(name for name in sample.KEPT if name in raws and len(raws[name].frame)),
        report.backup,
        language,
    )


# --- what is sample ----------------------------------------------------------------------------------


def _find_sample_tables(source: Path, raws: Mapping[str, Raw]) -> dict[str, _Share]:
    """Return the tables of a workbook that were made with sample rows."""
    with open_package(source) as book:
        prints = sample.read_fingerprint_sheet(book)[1]
        found = locate_input_tables(book)
        shares = {}
        for name in (name for name in TABLES if name in raws and name in prints):
            raw, (sheet, table) = raws[name], found[name]
            live = blanking.find_formula_rows(read_part(book, sheet.part), _find_raw_columns(raw))
            shares[name] = _find_sample_share(raw, sheet, table, prints[name], live)
    return shares


def _find_raw_columns(raw: Raw) -> range:
    return range(raw.column, raw.column + raw.frame.shape[1])


def _find_sample_share(
    raw: Raw, sheet: SheetPart, table: ListObject | None, prints: list[str], live: set[int]
) -> _Share:
    """Return what of a table is sample; a row that holds a formula was written by the user, whatever it comes to."""
    first = raw.row + 1
    as_made = sample.find_unchanged_rows(raw, prints)
    filled = (raw.frame.notna() & (raw.frame != "")).any(axis=1).to_numpy()
    rows = [first + at for at in range(len(raw.frame))]
    made = tuple(row for row, yes in zip(rows, as_made, strict=True) if yes and row not in live)
    own = tuple(row for row, some in zip(rows, filled, strict=True) if some and row not in set(made))
    return _Share(raw, sheet, table, made, _choose_named_rows(raw, made, own), own)


def _choose_named_rows(raw: Raw, made: tuple[int, ...], own: tuple[int, ...]) -> tuple[int, ...]:
    """Return one sample row of each name that stays in a table whose figures alone go."""
    if raw.name not in sample.EMPTIED:
        return ()
    at = _find_frame_position(raw, TABLES[raw.name].columns[0].name)
    called = {row: raw.frame.iloc[row - raw.row - 1, at] for row in (*made, *own)}
    seen = {called[row] for row in own}
    named = []
    for row in made:
        if called[row] not in seen:
            named.append(row)
            seen.add(called[row])
    return tuple(named)


def _find_frame_position(raw: Raw, column: str) -> int:
    """Return the place of a column in the frame; −1 where it is not there."""
    keys = known_keys(raw.name, TABLES[raw.name].column(column))
    return next((at for at, header in enumerate(raw.frame.columns) if header_key(header) in keys), -1)


# --- what is written ---------------------------------------------------------------------------------


def _describe_emptied_results(source: Path) -> list[Sheet]:
    """Return the result sheets that are there, without any result."""
    with open_package(source) as book:
        return cleared.describe_cleared_sheets(
            sheet.name for sheet in read_sheet_list(book).sheets if sheet.ours
        )


def _build_changed_parts(book: ZipFile, shares: Mapping[str, _Share]) -> dict[str, Content]:
    """Return the parts of the user's that change: sheets with sample rows, their Excel Tables, the Guide's notice."""
    contents: dict[str, Content] = {}
    for share in shares.values():
        if share.made:
            left_out = [
                share.raw.column + _find_frame_position(share.raw, c)
                for c in sample.EMPTIED.get(share.raw.name, ())
            ]
            contents[share.sheet.part] = blanking.blank_row_cells(
                read_part(book, share.sheet.part),
                _find_raw_columns(share.raw),
                share.made,
                share.moved,
                left_out,
            )
            contents.update(_shorten_sample_tables(book, share))
    marks = sample.read_fingerprint_sheet(book)[0]
    if marks is not None:
        contents[marks.part] = blanking.remove_all_cells(read_part(book, marks.part))
    notice = sample.find_sample_notice(book)
    if notice is not None:
        contents[notice.part] = blanking.remove_row_cells(read_part(book, notice.part), (guide.SAMPLE_ROW,))
    return contents


def _shorten_sample_tables(book: ZipFile, share: _Share) -> Iterator[tuple[str, bytes]]:
    """Give the part of the Excel Table that ends in sample rows, which ends before them then."""
    table = share.table
    if table is None:
        return
    last = max((share.raw.row + 1, *share.own, *share.moved))
    for arrow in read_relations(book, share.sheet.part).values():
        if arrow.kind == "table":
            root = read_part_tree(book, arrow.target)
            if name_excel_table(root) == table.name and root.get("totalsRowCount", "0") == "0":
                yield (
                    arrow.target,
                    blanking.shorten_excel_table(read_part(book, arrow.target), table.last_row, last),
                )
