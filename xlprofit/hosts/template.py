"""The workbook to start from: a Guide, and for each input table a sheet that explains itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableColumn, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from xlprofit.addresses import MOST_ROWS, format_column
from xlprofit.drawing.to_openpyxl import draw_worksheet
from xlprofit.errors import FileError, UnknownNameError, XlprofitError
from xlprofit.headings import header_ranks, other_headers, setting_keys
from xlprofit.hosts.dropdowns import add_column_dropdown, add_list, format_inline_list, name_lists
from xlprofit.languages import LANGUAGES
from xlprofit.messages import ENGLISH
from xlprofit.ooxml import guide, sample
from xlprofit.ooxml.dateless import Rewrite, save_dateless_workbook
from xlprofit.ooxml.package import find_file_ending
from xlprofit.ooxml.rows import WrittenColumn, write_row_elements
from xlprofit.ooxml.saving import refuse_unwritable_folder, replace_files
from xlprofit.sheets import theme
from xlprofit.sheets.parts import Meaning
from xlprofit.tables import (
    SETTINGS,
    TABLES,
    ColumnSpec,
    SettingSpec,
    TableSpec,
    header_key,
)
from xlprofit.words.sheets import say_sheet, write_in
from xlprofit.words.speech import _, find_workbook_name, get_spoken_language, speaking, term

MADE = datetime(2024, 1, 1)
"""The day that a new workbook says it was made on: the same tables give the same bytes."""

FORMATS = {"share": "0.0%", "customer": "@", "period": "@"}
"""The number format of each kind of column; a text format keeps the zeros of 00123."""

MONEY = "#,##0.00"

_WIDTHS = {"date": 12.0, "number": 14.0, "share": 11.0, "flag": 10.0, "period": 11.0, "choice": 14.0}
_SAMPLE = 200


@dataclass(frozen=True)
class Field:
    """A column of a sheet: its header, what the contract says of it (``None``: extra), its values."""

    header: str
    column: ColumnSpec | None
    values: pd.Series[Any]


def create_input_workbook(
    path: str | Path,
    tables: Mapping[str, pd.DataFrame] | None = None,
    language: str = ENGLISH,
    *,
    as_sample: bool = False,
) -> Path:
    """Make a new workbook with a sheet and an Excel Table for each input table; return its path.

    ``tables`` fills some of them in, by table name; columns go by their names or synonyms, and those
    that the contract does not know (drivers) stand after the others. ``None``, ``NaN`` and ``NaT``
    are blanks; a text stays a text whatever it begins with. The same tables give the same bytes. Sheets,
    headers, notes and words to choose from are in ``language``, and Settings asks for it. ``as_sample`` makes
    the rows a sample, which :mod:`xlprofit.ooxml.clearing` takes out again.

    :raises FileError: the file is there already, does not end in .xlsx, or cannot be written.
    :raises XlprofitError: the language or a table is not known, a table is too long for Excel or has a header twice.
    """
    if language not in LANGUAGES:
        raise UnknownNameError(language, LANGUAGES, "language")
    with speaking(language):
        return _build_input_workbook(Path(path), tables, as_sample)


def _build_input_workbook(path: Path, tables: Mapping[str, pd.DataFrame] | None, as_sample: bool) -> Path:
    refuse_new_path(path)
    given = dict(tables or {})
    _refuse_unknown_tables(given)
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    rewrites: dict[str, Rewrite] = {}
    prints: dict[str, list[str]] = {}
    _draw_guide(workbook, as_sample)
    for name, table in TABLES.items():
        if name == "Settings":
            _draw_settings(workbook, _list_setting_fields(given.get(name)))
        else:
            fields = _list_table_fields(table, given.get(name))
            rewrites[term("table", name)] = _draw_input_table(workbook, table, fields)
            if as_sample and sample.is_sample(name) and len(fields[0].values):
                prints[name] = sample.compute_row_fingerprints(
                    [f.header for f in fields], [f.values for f in fields]
                )
    if as_sample:
        sample.add_fingerprint_sheet(workbook, prints)
    name_lists(workbook)
    workbook.properties.creator = "xlprofit"
    workbook.properties.created = workbook.properties.modified = MADE
    workbook.active = 0
    workbook.worksheets[0].sheet_view.tabSelected = True
    with replace_files([path], fresh=True) as (beside,):
        save_dateless_workbook(workbook, beside, rewrites)
    return path


def _refuse_unknown_tables(names: Iterable[str]) -> None:
    for name in names:
        if name not in TABLES:
            raise UnknownNameError(name, TABLES, "table")


def refuse_new_path(path: Path) -> None:
    """Raise where no new workbook can be made at a path."""
    if find_file_ending(path) != ".xlsx":
        raise FileError(
            _("{name} is no name for a new workbook", name=path.name),
            _("Name it {name}.xlsx", name=path.stem),
        )
    if path.exists():
        raise FileError(
            _("{path} is there already and is not overwritten", path=str(path)),
            _("Give another name, or move it away"),
        )
    refuse_unwritable_folder(path)


# --- what goes into a sheet ------------------------------------------------------------------------


def _list_table_fields(table: TableSpec, frame: pd.DataFrame | None) -> list[Field]:
    """Return a table's columns in the contract's order, filled from a frame, and then its extra ones."""
    frame = pd.DataFrame() if frame is None else frame
    if len(frame) >= MOST_ROWS:
        raise XlprofitError(
            _(
                "{table} has {n:,} rows, and a sheet of Excel holds {most:,} under its header",
                table=find_workbook_name(table.name),
                n=len(frame),
                most=MOST_ROWS - 1,
            ),
            _("Sum the rows by customer, date and activity first, or hand the DataFrame to xlprofit.analyze"),
        )
    free = {position: theme.clean_text(str(header)) for position, header in enumerate(frame.columns)}
    fields = []
    for column in table.columns:
        position = _find_header_position(table, column, free)
        values = (
            _build_blank_column(len(frame))
            if position is None
            else _convert_template_values(column, frame.iloc[:, position])
        )
        free.pop(-1 if position is None else position, None)
        fields.append(Field(term(table.name, column.name), column, values))
    fields += [Field(header, None, frame.iloc[:, position]) for position, header in free.items()]
    _refuse_headers(table, [field.header for field in fields])
    return fields


def _find_header_position(table: TableSpec, column: ColumnSpec, free: Mapping[int, str]) -> int | None:
    """Return where a frame has a column: under its own name, or else under the surest synonym."""
    for key in header_ranks(table.name, column.name):
        for position, header in free.items():
            if header_key(header) == key:
                return position
    return None


def _refuse_headers(table: TableSpec, headers: Sequence[str]) -> None:
    seen: set[str] = set()
    for header in headers:
        if not header.strip() or header.casefold() in seen:
            raise XlprofitError(
                _(
                    '{table} has the header "{header}" twice, which an Excel Table does not allow',
                    table=find_workbook_name(table.name),
                    header=header,
                )
                if header.strip()
                else _(
                    '{table} has the header "{header}" on a column, which an Excel Table does not allow',
                    table=find_workbook_name(table.name),
                    header=header,
                ),
                _("Give every column a name of its own"),
            )
        seen.add(header.casefold())


def _convert_template_values(column: ColumnSpec, values: pd.Series[Any]) -> pd.Series[Any]:
    """Return a column's values as a user would write them: yes and no, a period as text, words in the language."""
    if column.kind == "choice" or column.name == "group":
        return values.map(lambda value: term("word", value) if isinstance(value, str) else value)
    if column.name == "line":
        return values.map(lambda value: term("line", value) if isinstance(value, str) else value)
    if column.kind == "flag":
        return values.astype(object).map(_translate_flag)
    if column.kind == "period" and pd.api.types.is_datetime64_any_dtype(values.dtype):
        months: pd.Series[Any] = values.dt.strftime("%Y-%m").astype(object)
        return months
    return values


def _translate_flag(value: Any) -> Any:
    return term("word", "yes" if value else "no") if isinstance(value, bool | np.bool_) else value


def _list_setting_fields(frame: pd.DataFrame | None) -> list[Field]:
    """Return the Settings: every setting with what was given for it or its default, and what it is."""
    table = TABLES["Settings"]
    by_name = {} if frame is None else _read_settings_frame(table, frame)
    if get_spoken_language() != ENGLISH:
        by_name = {"language": get_spoken_language()} | by_name
    names = [*SETTINGS, *(name for name in by_name if name not in SETTINGS)]
    values = [_choose_setting_value(n, by_name) for n in names]
    notes = [_describe_setting(SETTINGS[n]) if n in SETTINGS else None for n in names]
    called = [term("setting", n) for n in names]
    return [
        Field(term(table.name, "setting"), table.column("setting"), pd.Series(called, dtype=object)),
        Field(term(table.name, "value"), table.column("value"), pd.Series(values, dtype=object)),
        Field(_("note"), None, pd.Series(notes, dtype=object)),
    ]


def _read_settings_frame(table: TableSpec, frame: pd.DataFrame) -> dict[str, object]:
    """Return what was given for each setting, by its name where it is one that xlprofit knows."""
    name, value = _list_table_fields(table, frame)[:2]
    given = dict(zip(name.values.astype(str), value.values.astype(object), strict=True))
    return {setting_keys().get(header_key(name), name): value for name, value in given.items()}


def _choose_setting_value(name: str, given: Mapping[str, object]) -> object:
    """Return what was given for a setting, or else its default; a word of choice in the language spoken."""
    default, words = (SETTINGS[name].default, SETTINGS[name].choices) if name in SETTINGS else (None, ())
    value = given.get(name, default)
    return term("word", value) if isinstance(value, str) and value in words else value


def _describe_setting(setting: SettingSpec) -> str:
    words = ", ".join(term("word", word) for word in setting.choices)
    return _(setting.note) + (f": {words}" if words else "")


def _build_blank_column(height: int) -> pd.Series[Any]:
    return pd.Series([None] * height, dtype=object)


# --- how a sheet is drawn --------------------------------------------------------------------------


def _draw_guide(workbook: Workbook, with_sample: bool) -> None:
    sheet = draw_worksheet(
        say_sheet(guide.describe_guide_sheet(with_sample), get_spoken_language()), workbook
    )
    for (row, column), required in zip(guide.locate_legend_cells(), (True, False), strict=True):
        _style_header_cell(sheet.cell(row, column), required)


def _draw_input_table(workbook: Workbook, table: TableSpec, fields: Sequence[Field]) -> Rewrite:
    """Draw a sheet's header, formats and drop-downs; return what puts its rows in when it is saved."""
    sheet = workbook.create_sheet(term("table", table.name))
    for number, field in enumerate(fields, 1):
        _draw_input_header(sheet, table, number, field)
        _format_input_column(sheet, table, number, field)
        add_column_dropdown(sheet, table, number, field.column)
    last = 1 + max(len(fields[0].values), 1)
    _add_table(sheet, [field.header for field in fields], last)
    _set_input_view(sheet, table)
    columns = []
    for number, field in enumerate(fields, 1):
        cell: Any = sheet.cell(2, number)  # the stubs leave out the number of a cell's style
        columns.append(WrittenColumn(field.values, cell.style_id, _is_key(field.column)))
    return _build_row_rewrite(columns, f"A1:{format_column(len(fields))}{last}")


def _draw_settings(workbook: Workbook, fields: Sequence[Field]) -> None:
    """Draw the sheet Settings, in which each value has the format and the choices of its own."""
    _draw_input_table(workbook, TABLES["Settings"], fields)
    sheet = workbook[term("table", "Settings")]
    names, values, notes = (field.values for field in fields)
    for row, (name, value, note) in enumerate(zip(names, values, notes, strict=True), 2):
        setting = SETTINGS.get(setting_keys().get(header_key(name), ""))
        _write_template_cell(sheet, row, 1, name)
        cell = _write_template_cell(sheet, row, 2, None if pd.isna(value) else _translate_flag(value))
        _write_template_cell(sheet, row, 3, note)
        for number in (1, 2, 3):
            _set_cell_font(
                sheet.cell(row, number), theme.find_look(Meaning.NOTE if number == 3 else Meaning.PLAIN)
            )
            sheet.cell(row, number).alignment = Alignment(horizontal="left", indent=1)
        if setting is not None:
            cell.number_format = _choose_kind_format(setting.kind)
            words = ("yes", "no") if setting.kind == "flag" else setting.choices
            if words:
                add_list(
                    sheet, f"B{row}", format_inline_list(term("word", word) for word in words), strict=True
                )


def _draw_input_header(sheet: Worksheet, table: TableSpec, number: int, field: Field) -> None:
    cell = _write_template_cell(sheet, 1, number, field.header)
    _style_header_cell(cell, field.column is not None and field.column.required)
    if _has_number_values(table, field):
        cell.alignment = Alignment(
            horizontal="right", vertical="center", indent=2
        )  # clear of the filter button
    note = (
        _describe_input_column(table, field.column)
        if field.column is not None
        else _describe_extra_column(table)
    )
    lines = sum(1 + len(line) // 44 for line in note.splitlines())
    cell.comment = Comment(note, "xlprofit", height=24 + 17 * lines, width=300)


def _write_template_cell(sheet: Worksheet, row: int, number: int, value: Any) -> Any:
    """Write a cell and return it; a text is a text, also where openpyxl would take it for a formula or an error."""
    cell: Any = sheet.cell(row, number)
    cell.value = theme.clean_text(value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"
    return cell


def _style_header_cell(cell: Any, required: bool) -> None:
    look = theme.BAND if required else theme.find_look(Meaning.HEADER)
    _set_cell_font(cell, look)
    cell.fill = PatternFill("solid", fgColor=f"FF{look.fill}")
    cell.alignment = Alignment(horizontal="left", vertical="center", indent=1)
    cell.border = Border(left=_build_header_side(theme.WHITE), bottom=_build_header_side(theme.NAVY))


def _build_header_side(colour: str) -> Side:
    return Side(style="thin", color=f"FF{colour}")


def _set_cell_font(cell: Any, look: theme.Look) -> None:
    cell.font = Font(
        name=theme.FONT, size=look.size, bold=look.bold, italic=look.italic, color=f"FF{look.font}"
    )


def _describe_extra_column(table: TableSpec) -> str:
    """Return the note on the header of a column that the contract does not know."""
    if table.drivers:
        return _(guide.DRIVERS)
    return _("What it holds") + "." if table.name == "Settings" else _(guide.COLUMNS)


def _describe_input_column(table: TableSpec, column: ColumnSpec) -> str:
    """Return the note on a header: what the column is, its unit, whether it must be there, its other names."""
    kinds = {
        "customer": _("A number or a name, as in the other tables"),
        "share": _("A share: 0.1 or 10 %"),
        "date": _("A date"),
        "period": _("A date, or 2024-03, 2024-Q1, 2024"),
        "number": _("A number"),
        "flag": _("yes or no"),
        "choice": _("One of: {words}", words=", ".join(term("word", word) for word in column.choices)),
    }
    lines = [_(column.note), kinds.get(column.kind, "")]
    if column.minimum is not None and column.maximum is not None:
        lines[1] += _(", from {low:g} to {high:g}", low=column.minimum, high=column.maximum)
    elif column.minimum is not None:
        lines[1] += _(", {low:g} or more", low=column.minimum)
    lines.append(_("Required") if column.required else _("Optional") + _describe_blank_default(column))
    synonyms = other_headers(table.name, column, get_spoken_language())
    if synonyms:
        lines.append(_("Also known as: {names}", names=", ".join(synonyms)))
    return "\n".join(f"{line}." for line in lines if line)


def _describe_blank_default(column: ColumnSpec) -> str:
    if column.default is None:
        return ""
    if isinstance(column.default, float):
        return _("; blank means {default:g}", default=column.default)
    word = {True: "yes", False: "no"}[column.default] if isinstance(column.default, bool) else column.default
    return _("; blank means {default}", default=term("word", word))


def _format_input_column(sheet: Worksheet, table: TableSpec, number: int, field: Field) -> None:
    """Give a column its width and format, in the cells that are there and in those to come."""
    code = _choose_column_format(field.column)
    dimension = sheet.column_dimensions[format_column(number)]
    dimension.width = _compute_field_width(field)
    for styled in (dimension, sheet.cell(2, number)):
        _set_cell_font(styled, theme.find_look(Meaning.PLAIN))
        styled.number_format = code
        if not _has_number_values(table, field):
            styled.alignment = Alignment(horizontal="left", indent=1)


def _has_number_values(table: TableSpec, field: Field) -> bool:
    """Whether a column is one of numbers; a column of one's own is, where a driver may stand and no text does."""
    if field.column is not None:
        return field.column.kind in ("number", "share")
    return table.drivers and not any(isinstance(value, str) for value in field.values)


def _choose_column_format(column: ColumnSpec | None) -> str:
    if column is None:
        return "General"
    if column.is_money:
        return MONEY
    if column.as_text:
        return "@"
    return _choose_kind_format(column.kind)


def _choose_kind_format(kind: str) -> str:
    return write_in(get_spoken_language(), "").date if kind == "date" else FORMATS.get(kind, "General")


def _compute_field_width(field: Field) -> float:
    """Return a width that shows the header beside its filter button, and most of the values."""
    kind = field.column.kind if field.column is not None else "text"
    shown = [len(str(value)) for value in field.values.iloc[:_SAMPLE] if isinstance(value, str)]
    return max(_WIDTHS.get(kind, 16.0), len(field.header) * 1.15 + 4, min(max(shown, default=0) + 3, 60.0))


def _add_table(sheet: Worksheet, headers: Sequence[str], last: int) -> None:
    reference = f"A1:{format_column(len(headers))}{last}"
    table: Any = ExcelTable(displayName=sheet.title, ref=reference)
    table.tableColumns = [TableColumn(id=i, name=header) for i, header in enumerate(headers, 1)]
    table.autoFilter = AutoFilter(ref=reference)
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    sheet.add_table(table)


def _set_input_view(sheet: Worksheet, table: TableSpec) -> None:
    """Set what is seen and what is printed: frozen header, the tab's colour, one page wide."""
    sheet.freeze_panes = "A2"
    sheet.row_dimensions[1].height = 22
    sheet.sheet_view.showGridLines = True
    sheet.sheet_properties.tabColor = f"FF{theme.NAVY if table.required else theme.AXIS}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = PageMargins(0.5, 0.5, 0.6, 0.6, header=0.25, footer=0.3)
    sheet.print_title_rows = "1:1"
    footer: Any = sheet.oddFooter
    footer.left.text, footer.right.text = "&A", _("Page &P of &N")
    for part in (footer.left, footer.right):
        part.font, part.size, part.color = f"{theme.FONT},Regular", 8, theme.GREY


# --- its rows --------------------------------------------------------------------------------------


def _is_key(column: ColumnSpec | None) -> bool:
    """Whether a column's whole numbers are names, so that they are written as texts."""
    return column is not None and column.kind in ("customer", "name", "text", "choice", "period")


def _build_row_rewrite(columns: Sequence[WrittenColumn], reference: str) -> Rewrite:
    """Return what puts a table's rows into a sheet that has a header and one row of blanks."""

    def rewrite(written: IO[bytes]) -> Iterator[bytes]:
        sheet = written.read()
        if not len(columns[0].values):
            yield sheet
            return
        dimension = f'<dimension ref="{reference}"/>'.encode()
        before, _mark, after = sheet.partition(b"<dimension ")
        sheet = before + dimension + after.partition(b"/>")[2]
        start = sheet.index(b'<row r="2"')
        end = sheet.index(b"</sheetData>")
        yield sheet[:start]
        yield from write_row_elements(columns, first_row=2)
        yield sheet[end:]

    return rewrite
