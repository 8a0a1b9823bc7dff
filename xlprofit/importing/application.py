"""Application: an export read as a profile says, into a table such as the checks take from a sheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from math import fsum

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.addresses import format_column
from xlprofit.checks.cells import Other
from xlprofit.checks.conventions.marks import settle_marks
from xlprofit.checks.faults import quote_value
from xlprofit.checks.headers import read_name
from xlprofit.checks.units import NO_UNIT, Unit, split_unit
from xlprofit.findings import Finding, build_finding, phrase
from xlprofit.importing.contents import kind_of_cell
from xlprofit.importing.conversion import (
    YearStart,
    contradicts_order,
    convert_dates,
    convert_each,
    convert_numbers,
    convert_year_months,
    end_month,
    extract_part,
    read_amount,
)
from xlprofit.importing.export import Cell, ExportSheet, as_cells, is_blank_cell
from xlprofit.importing.header_rows import TOTALS, find_end, find_repeated, read_header, read_month
from xlprofit.importing.headings import rank_headings
from xlprofit.importing.inference import list_shapes
from xlprofit.importing.profile import (
    ColumnRule,
    Condition,
    ProfileError,
    TableRule,
    name_own_column,
)
from xlprofit.importing.recognition import find_place, read_header_cells, resolve_headers
from xlprofit.messages import _, name_in_workbook
from xlprofit.sources.lines import Ragged, report_ragged_records
from xlprofit.tables import TABLES, ColumnSpec, Raw, header_key

Mask = npt.NDArray[np.bool_]
Cells = list[Cell]


@dataclass(frozen=True)
class Body:
    """The rows of a sheet under its headers: the headers, and the cells of each column, those left out blank.

    ``out`` says which rows are left out. ``label`` is what findings call the sheet. ``heads`` has, by column and row,
    the cells of rows that the rule does not keep, and that may say what the rows below them are of.
    """

    sheet: ExportSheet
    row: int
    headers: list[str]
    cells: list[Cells]
    out: Mask
    label: str
    heads: Mapping[int, Mapping[int, Cell]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """The number of rows."""
        return len(self.out)


def apply_rules(
    rules: Sequence[TableRule], export: Sequence[ExportSheet], label: str
) -> tuple[Raw, list[Finding]]:
    """Return the table that rules make of an export, and what is to be said of it.

    Several rules are for several kinds of rows, such as those of each rate of tax; rows that none of them keeps and
    none drops are told.

    Raises:
        ProfileError: the export has no sheet with the columns that a rule needs.
    """
    if len(rules) == 1:
        return apply_rule(rules[0], export, label)
    sheets = list(dict.fromkeys(rule.sheet for rule in rules))
    if len(sheets) > 1:
        return _apply_sheets(rules, sheets, export, label)
    parts = [apply_rule(rule, export, label) for rule in rules]
    findings = list(dict.fromkeys(f for _raw, told in parts for f in told if f.code != "D11"))
    bare = [replace(rule, keep=(), drop=()) for rule in rules[:1]]
    whole, _told = apply_rule(bare[0], export, label)
    filled = _list_filled(whole)
    taken = np.zeros(len(filled), dtype=bool)
    frames = []
    for raw, _said in parts:
        held = np.zeros(len(filled), dtype=bool)
        held[: len(raw.frame)] = _list_filled(raw)
        twice = bool((held & taken).any())
        taken |= held
        frames.append((raw, held, twice))
    dropped, _said = apply_rule(replace(rules[0], keep=()), export, label)
    known = filled.copy()
    known[: len(dropped.frame)] &= ~_list_filled(dropped)
    lost = filled & ~taken & ~known
    if lost.any():
        findings.append(_tell_lost(whole, lost, label))
    return _join_raws(frames, len(filled)), findings


def _apply_sheets(
    rules: Sequence[TableRule], sheets: Sequence[str], export: Sequence[ExportSheet], label: str
) -> tuple[Raw, list[Finding]]:
    """Return the rows of several sheets of one form as one table, which stands on no sheet then."""
    raws, findings = [], list[Finding]()
    for sheet in sheets:
        own = [rule for rule in rules if rule.sheet == sheet]
        called = _("{source}, sheet {sheet}", source=label, sheet=sheet)
        raw, told = apply_rules(own, export, called)
        raws.append(raw)
        findings += told
    frames = [raw.frame.loc[:, ~pd.Index(raw.frame.columns).duplicated()] for raw in raws]
    whole = pd.concat(frames, ignore_index=True)
    return replace(raws[0], sheet=label, frame=whole, row=0, formats={}), findings


def _list_filled(raw: Raw) -> Mask:
    """Return which rows of a table have anything in them."""
    filled = np.zeros(len(raw.frame), dtype=bool)
    for at in range(raw.frame.shape[1]):
        filled |= np.array([not is_blank_cell(cell) for cell in raw.frame.iloc[:, at]], dtype=bool)
    return filled


def _join_raws(frames: Sequence[tuple[Raw, Mask, bool]], size: int) -> Raw:
    """Return tables of the rows of one sheet as one: in their places, unless a row stands in two of them."""
    first = frames[0][0]
    if any(twice for _raw, _held, twice in frames) or any(raw.row != first.row for raw, _h, _t in frames):
        rows = [raw.frame.loc[_list_filled(raw)] for raw, _held, _twice in frames]
        return replace(first, frame=pd.concat(rows, ignore_index=True), row=0, formats={})
    headers = list(dict.fromkeys(header for raw, _held, _twice in frames for header in raw.frame.columns))
    same = all(list(raw.frame.columns) == list(first.frame.columns) for raw, _held, _twice in frames)
    if not same:
        rows = [raw.frame.loc[held[: len(raw.frame)]] for raw, held, _twice in frames]
        whole = pd.concat([frame.loc[:, ~frame.columns.duplicated()] for frame in rows], ignore_index=True)
        return replace(first, frame=whole[[h for h in headers if h in whole]], row=0, formats={})
    columns = [np.full(size, None, dtype=object) for _header in first.frame.columns]
    for raw, held, _twice in frames:
        for at, cells in enumerate(columns):
            mine = held[: len(raw.frame)]
            cells[: len(mine)][mine] = raw.frame.iloc[:, at].to_numpy(dtype=object)[mine]
    frame = pd.DataFrame(dict(enumerate(columns)))
    frame.columns = first.frame.columns
    return replace(first, frame=frame)


def _tell_lost(raw: Raw, lost: Mask, label: str) -> Finding:
    first = int(np.flatnonzero(lost)[0]) + raw.row + 1
    what = phrase("D14", "no_rule", n=int(lost.sum()))
    cell = f"{format_column(raw.column)}{first}" if raw.row else ""
    return build_finding("D14", label, cell, what, count=int(lost.sum()))


def apply_rule(rule: TableRule, export: Sequence[ExportSheet], label: str) -> tuple[Raw, list[Finding]]:
    """Return the table that a rule makes of an export, and what is to be said of it.

    Rows keep their places, so that a finding names the row of the export; where months stand as columns or rows are
    merged they have none. ``label`` is what findings call the export.

    Raises:
        ProfileError: the export has no sheet with the columns that the rule needs.
    """
    found = resolve_headers(rule, export)
    if found is None:
        raise _refuse_columns(rule, export, label)
    sheet, row, places = found
    body, findings = _read_body(rule, sheet, row, label)
    made, told = _make_columns(rule, body, places)
    findings += told + _leave_out_total(rule, body, made)
    if rule.months is not None:
        return _unpivot(rule, body, made, label), findings
    if rule.distinct:
        return _merge_alike(rule, body, made, label), findings
    return _build_raw(rule, body, made, places), findings


def _refuse_columns(rule: TableRule, export: Sequence[ExportSheet], label: str) -> ProfileError:
    """Return the error that says which columns no sheet of an export has."""
    sheets = [s for s in export if not rule.sheet or s.text or header_key(s.sheet) == header_key(rule.sheet)]
    if not sheets:
        return ProfileError(
            _("{source}: there is no sheet {sheet}", source=label, sheet=quote_value(rule.sheet)),
            _("Its sheets are {names}", names=", ".join(s.sheet for s in export)),
        )
    from xlprofit.importing.header_rows import find_header_row

    headers = [
        h for h in read_header_cells(sheets[0], max(rule.header_row or find_header_row(sheets[0]), 0)) if h
    ]
    made = {rule.months.date, rule.months.value} if rule.months else set()
    missing = [
        c.name
        for c in TABLES[rule.table].columns
        if c.required
        and c.name not in made
        and (c.name not in rule.columns or find_place(rule.columns[c.name], headers, 1) is None)
    ]
    expected = [" / ".join(rule.columns[m].headers) if m in rule.columns else m for m in missing]
    return ProfileError(
        _(
            "{source}: the profile needs the columns {columns}, and they are not there",
            source=label,
            columns=", ".join(filter(None, expected)),
        ),
        _(
            "The export has {names}. If its form has changed, propose it anew: {command}",
            names=", ".join(headers[:20]),
            command="xlprofit import FILE -o BOOK.xlsx",
        ),
    )


# --- rows ------------------------------------------------------------------------------------------


def _read_body(rule: TableRule, sheet: ExportSheet, row: int, label: str) -> tuple[Body, list[Finding]]:
    top = max(row, 0)
    headers = read_header_cells(sheet, row)
    size = max((at + 1 for at, header in enumerate(headers) if header), default=len(headers))
    findings: list[Finding] = []
    cells = [list(column[top:]) for column in sheet.columns]
    out = np.zeros(max(sheet.height - top, 0), dtype=bool)
    end = find_end(sheet, row)
    if end:
        out[end - top :] = True
        findings.append(_tell_other_table(sheet, end, label))
    for number in find_repeated(sheet, row, sheet.columns):
        out[number - 1 - top] = True
    if sheet.text and row > 0:
        findings += _leave_out_longer(sheet, row, size, out, label)
        cells, headers = cells[:size], headers[:size]
    body = Body(sheet, row, headers, cells, out, label)
    dropped = _find_dropped(rule, body) & ~out
    if dropped.any():
        findings.append(_tell_dropped(body, dropped))
    out |= dropped
    body = replace(body, heads=_find_headings(rule, body, dropped))
    for column in cells:
        for at in np.flatnonzero(out):
            column[at] = None
    return body, findings


def _find_headings(rule: TableRule, body: Body, dropped: Mask) -> dict[int, dict[int, Cell]]:
    """Return the cells that fill down from rows that are not kept, but for those that the rule drops."""
    heads: dict[int, dict[int, Cell]] = {}
    taken_out = np.zeros(body.size, dtype=bool)
    for condition in rule.drop:
        found = find_rows(condition, body)
        if found is not None:
            taken_out |= found
    for column in rule.columns.values():
        at = find_place(column, body.headers, body.sheet.first)
        if at is not None and at >= 0 and column.fill_down:
            rows = np.flatnonzero(dropped & ~taken_out)
            heads[at] = {int(r): body.cells[at][r] for r in rows if not is_blank_cell(body.cells[at][r])}
    return heads


def _tell_other_table(sheet: ExportSheet, end: int, label: str) -> Finding:
    what = phrase("D14", "other_table", row=str(end))
    return build_finding("D14", label, f"{format_column(sheet.first)}{end + 1}", what)


def _leave_out_longer(sheet: ExportSheet, row: int, size: int, out: Mask, label: str) -> list[Finding]:
    """Leave out the records that have values beyond the headers, and say so; shorter ones count as blank there."""
    longer, shorter = [], []
    for number in range(row + 1, sheet.height + 1):
        width = sheet.widths[number - 1]
        if width == size or out[number - row - 1]:
            continue
        cells = sheet.read_row(number)
        if width > size:
            if any(not is_blank_cell(cell) for cell in cells[size:]):
                longer.append(number)
                out[number - row - 1] = True
        elif any(not is_blank_cell(cell) for cell in cells):
            shorter.append(number)
    ragged = Ragged(len(longer), min(longer, default=0), len(shorter), min(shorter, default=0))
    return report_ragged_records(ragged, label, size)


def _find_dropped(rule: TableRule, body: Body) -> Mask:
    """Return which rows the rule leaves out."""
    out = np.zeros(body.size, dtype=bool)
    for condition in rule.drop:
        found = find_rows(condition, body)
        if found is not None:
            out |= found
    for condition in rule.keep:
        found = find_rows(condition, body)
        if found is not None:
            out |= ~found
    filled = np.zeros(body.size, dtype=bool)
    for column in body.cells:
        filled |= np.fromiter((not is_blank_cell(cell) for cell in column), dtype=bool, count=body.size)
    return out & filled


def find_rows(condition: Condition, body: Body) -> Mask | None:
    """Return which rows a condition means; ``None`` where its column is not there."""
    at = find_place(condition, body.headers, body.sheet.first)
    if at is None:
        return None
    cells = body.cells[at]
    if condition.fill_down:
        cells = list(pd.Series([None if is_blank_cell(c) else c for c in cells], dtype=object).ffill())
    words = {word.strip().casefold() for word in condition.among}
    pattern = re.compile(condition.matches) if condition.matches else None

    def holds(cell: Cell) -> bool:
        text = "" if is_blank_cell(cell) else read_header(cell)
        if condition.blank is not None:
            return condition.blank == (not text)
        if pattern is not None:
            return bool(text) and pattern.search(text) is not None
        return text.casefold() in words

    return np.array(convert_each(cells, holds), dtype=bool)


def _tell_dropped(body: Body, dropped: Mask) -> Finding:
    first = int(np.flatnonzero(dropped)[0]) + max(body.row, 0) + 1
    what = phrase("D11", "rows_left_out", n=int(dropped.sum()))
    return build_finding(
        "D11", body.label, f"{format_column(body.sheet.first)}{first}", what, count=int(dropped.sum())
    )


# --- columns ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Made:
    """One column of the table: its cells, and what its header said of their unit."""

    name: str
    cells: Cells
    unit: Unit = NO_UNIT


def _make_columns(
    rule: TableRule, body: Body, places: Mapping[str, int]
) -> tuple[dict[str, Made], list[Finding]]:
    """Return the columns of the table by name, and what is to be said of them."""
    findings = _tell_missing(rule, body, places) + _tell_guesses(rule, body, places)
    made: dict[str, Made] = {}
    for name, at in places.items():
        column_rule, own = rule.columns[name], name_own_column(rule, name)
        column = next((c for c in TABLES[rule.table].columns if c.name == own), ColumnSpec(own, "number", ""))
        if at < 0:
            made[own] = Made(own, [None if out else column_rule.value for out in body.out])
            continue
        header = body.headers[at]
        is_own = header_key(header) in rank_headings(rule.table, own) or column.kind not in (
            "number",
            "share",
        )
        unit = NO_UNIT if is_own else split_unit(header)[1]
        cells, told = _convert(rule, column_rule, column, body, at)
        findings += told
        made[own] = Made(own, cells, unit)
    _fill_down(rule, body, made)
    findings += _work_out(rule, body, made, places)
    return made, findings


def _convert(
    rule: TableRule, column_rule: ColumnRule, column: ColumnSpec, body: Body, at: int
) -> tuple[Cells, list[Finding]]:
    """Return the cells of one column as its rule means them."""
    cells = body.cells[at]
    if column_rule.year:
        year = find_place(ColumnRule(headers=(column_rule.year,)), body.headers, body.sheet.first)
        return convert_year_months(cells, body.cells[year] if year is not None else [None] * body.size), []
    if column_rule.extract:
        cells = convert_each(cells, partial(extract_part, column_rule.extract))
    if column.kind in ("date", "period"):
        against = contradicts_order(column_rule.order, cells)
        if against:
            return cells, [_tell_contradiction(body, at, against)]
        start = _find_year_start(column_rule, body.sheet)
        return convert_dates(column_rule, cells, start), []
    if column.kind in ("number", "share") and not (
        column_rule.rule or column_rule.times or column_rule.minus
    ):
        told: list[Finding] = []
        if column_rule.decimal:
            marks = settle_marks(list_shapes(cells), column.unit == "currency")
            if marks.decimal not in ("", column_rule.decimal) and not marks.assumed:
                against = next(c for c in cells if isinstance(c, str) and not is_blank_cell(c))
                return cells, [_tell_contradiction(body, at, against)]
        cells = convert_numbers(column_rule, column, cells)
        if column_rule.negative_if is not None:
            cells = _make_negative(column_rule, body, cells)
        return cells, told
    return cells, []


def _find_year_start(rule: ColumnRule, sheet: ExportSheet) -> YearStart | None:
    place = rule.year_in
    if place is None:
        return None
    at = place.column - sheet.first
    if not (0 <= at < len(sheet.columns) and place.row <= sheet.height):
        return None
    digits = re.sub(r"[^0-9]", "", read_header(sheet.columns[at][place.row - 1]))
    if len(digits) < 4:
        return None
    month = int(digits[4:6]) if len(digits) >= 6 and 1 <= int(digits[4:6]) <= 12 else 1
    return YearStart(int(digits[:4]), month)


def _leave_out_total(rule: TableRule, body: Body, made: dict[str, Made]) -> list[Finding]:
    """Leave out the last row where it has neither day nor customer, and its amount is the sum of those above."""
    name = next((n for n in ("gross_revenue", "amount") if n in made), "")
    if not name or rule.months is not None:
        return []
    decimal = next((r.decimal for n, r in rule.columns.items() if name_own_column(rule, n) == name), "")
    cells = made[name].cells
    filled = [at for at, cell in enumerate(cells) if not is_blank_cell(cell)]
    if len(filled) < 3:
        return []
    last = filled[-1]
    told = [made[n].cells[last] for n in ("date", "issued", "customer") if n in made]
    if not told or not all(is_blank_cell(cell) or _is_total(cell) for cell in told):
        return []
    values = [read_amount(cells[at], decimal) for at in filled]
    total, above = values[-1], fsum(v for v in values[:-1] if v is not None)
    if total is None or abs(total - above) > 0.005 * max(1.0, len(filled) ** 0.5):
        return []
    for other, column in made.items():
        made[other] = replace(column, cells=[*column.cells[:last], None, *column.cells[last + 1 :]])
    for own in body.cells:
        own[last] = None
    what = phrase("D11", "total_left_out", sum=total)
    return [
        build_finding(
            "D11", body.label, f"{format_column(body.sheet.first)}{last + max(body.row, 0) + 1}", what
        )
    ]


def _is_total(cell: Cell) -> bool:
    return isinstance(cell, str) and re.match(TOTALS, cell) is not None


def _make_negative(rule: ColumnRule, body: Body, cells: Cells) -> Cells:
    """Return amounts that are negative in the rows that the rule's condition means."""
    where = find_rows(rule.negative_if, body) if rule.negative_if is not None else None
    if where is None:
        return cells
    found = list(cells)
    for at in np.flatnonzero(where):
        value = read_amount(found[at], rule.decimal or ".")
        if value is not None:
            found[at] = -abs(value)
    return found


def _fill_down(rule: TableRule, body: Body, made: dict[str, Made]) -> None:
    """Fill blank cells from above where the rule says so; a row that has nothing but such a cell is a heading.

    A heading counts as well where the rule does not keep its row.
    """
    down = {name_own_column(rule, n): c.heading for n, c in rule.columns.items() if c.fill_down or c.heading}
    for name in filter(made.__contains__, down):
        own = rule.columns[next(n for n in rule.columns if name_own_column(rule, n) == name)]
        others = [m.cells for n, m in made.items() if n not in down]
        place = find_place(own, body.headers, body.sheet.first)
        above = body.heads.get(place if place is not None else -1, {})
        if own.heading:
            _fill_headings(rule, body, made, name)
            continue
        cells, last = list(made[name].cells), None
        for at, cell in enumerate(cells):
            beside = any(not is_blank_cell(other[at]) for other in others)
            if at in above:
                last = above[at]
            if not is_blank_cell(cell):
                last = cell
                cells[at] = cell if beside else None
            elif beside:
                cells[at] = last
        made[name] = replace(made[name], cells=cells)


def _fill_headings(rule: TableRule, body: Body, made: dict[str, Made], name: str) -> None:
    """Give each row the text that stands alone in a row above it; the rows of such texts are then blank."""
    last: Cell = None
    cells: Cells = [None] * body.size
    alone = np.zeros(body.size, dtype=bool)
    for at in range(body.size):
        held = [column[at] for column in body.cells if not is_blank_cell(column[at])]
        if len(held) == 1 and kind_of_cell(held[0]) == "text":
            last, alone[at] = held[0], True
        elif held:
            cells[at] = last
    made[name] = replace(made[name], cells=cells)
    for other, column in made.items():
        if other != name:
            made[other] = replace(
                column, cells=[None if alone[at] else cell for at, cell in enumerate(column.cells)]
            )
    for cells in body.cells:
        for row in np.flatnonzero(alone).tolist():
            cells[row] = None


def _work_out(rule: TableRule, body: Body, made: dict[str, Made], places: Mapping[str, int]) -> list[Finding]:
    """Work out the columns that others give: a price times a quantity, revenue less a profit."""
    findings: list[Finding] = []
    order = sorted(rule.columns, key=lambda name: rule.columns[name].rule != "")
    for name in (name_own_column(rule, n) for n in order if n in places):
        column = next(c for n, c in rule.columns.items() if name_own_column(rule, n) == name)
        if column.rule:
            findings += _work_out_cost(rule, body, made, name, column)
            continue
        for other, work in ((column.times, lambda a, b: a * b), (column.minus, lambda a, b: a - b)):
            if not other:
                continue
            at = find_place(ColumnRule(headers=(other,)), body.headers, body.sheet.first)
            if at is None:
                raise ProfileError(
                    _("{source}: there is no column {column}", source=body.label, column=quote_value(other)),
                    _("Its columns are {names}", names=", ".join(filter(None, body.headers[:20]))),
                )
            blank = 0.0 if column.minus else None
            cells = _combine(made[name].cells, body.cells[at], (column.decimal, column.decimal), work, blank)
            factor = -1.0 if column.sign == "turned" else 1.0
            made[name] = replace(made[name], cells=[c * factor if isinstance(c, float) else c for c in cells])
    return findings


def _work_out_cost(
    rule: TableRule, body: Body, made: dict[str, Made], name: str, column: ColumnRule
) -> list[Finding]:
    """Work out a cost from the revenue and the profit, or the margin, that the export gives instead."""
    revenue = made["gross_revenue"]
    percent = "%" in body.headers[find_place(column, body.headers, body.sheet.first) or 0]
    values = [read_amount(c, column.decimal) for c in made[name].cells]
    hundredth = 0.01 if percent and any(v is not None and abs(v) > 1 for v in values) else 1.0
    signed = [isinstance(c, str) and c.strip().endswith("%") for c in made[name].cells]

    def of_margin(amount: float, share: float) -> float:
        return amount * (1 - share * (0.01 if any(signed) else hundredth))

    work = of_margin if column.rule == "margin" else lambda amount, profit: amount - profit
    decimal = rule.columns["gross_revenue"].decimal if "gross_revenue" in rule.columns else ""
    cells = _combine(revenue.cells, made[name].cells, (decimal, column.decimal), work, None)
    lacking = [
        at
        for at, (cell, profit) in enumerate(zip(revenue.cells, made[name].cells, strict=True))
        if not is_blank_cell(cell) and is_blank_cell(profit)
    ]
    made[name] = replace(made[name], cells=cells, unit=revenue.unit)
    if not lacking:
        return []
    what = phrase(
        "D13",
        "no_profit",
        n=len(lacking),
        header=quote_value(column.headers[0] if column.headers else name),
    )
    at = find_place(column, body.headers, body.sheet.first) or 0
    cell = f"{format_column(body.sheet.first + at)}{lacking[0] + max(body.row, 0) + 1}"
    return [build_finding("D13", body.label, cell, what, count=len(lacking))]


def _combine(
    one: Sequence[Cell],
    other: Sequence[Cell],
    decimals: tuple[str, str],
    work: Callable[[float, float], float],
    blank: float | None,
) -> Cells:
    """Return two columns worked into one: blank where either is, what cannot be read as it is.

    ``blank`` is what a blank cell counts as where the other is filled.
    """
    found: Cells = []
    for a, b in zip(one, other, strict=True):
        first, second = read_amount(a, decimals[0]), read_amount(b, decimals[1])
        for cell, value in ((a, first), (b, second)):
            if value is None and not is_blank_cell(cell):
                found.append(Other(str(cell)))
                break
        else:
            if first is None and second is None:
                found.append(None)
            elif first is None or second is None:
                known = None if blank is None else work(first or blank, second or blank)
                found.append(known)
            else:
                found.append(round(fsum([work(first, second)]), 10))
    return found


def _tell_missing(rule: TableRule, body: Body, places: Mapping[str, int]) -> list[Finding]:
    """Return the warnings of columns that the profile names, and that the export has no more."""
    findings = []
    for name in rule.columns:
        own = name_own_column(rule, name)
        column = next((c for c in TABLES[rule.table].columns if c.name == own), None)
        if name in places or (column is not None and not column.assumed):
            continue
        what = phrase(
            "D12",
            "column_missing",
            header=quote_value(" / ".join(rule.columns[name].headers) or name),
            column=name_in_workbook(rule.table, own) if column else own,
        )
        findings.append(build_finding("D12", body.label, "", what))
    return findings


def _tell_guesses(rule: TableRule, body: Body, places: Mapping[str, int]) -> list[Finding]:
    findings = []
    for name, at in places.items():
        if rule.columns[name].sure or at < 0:
            continue
        header = quote_value(body.headers[at] or format_column(body.sheet.first + at))
        what = phrase(
            "D10",
            "read_by_content",
            header=header,
            column=name_in_workbook(rule.table, name_own_column(rule, name)),
        )
        cell = f"{format_column(body.sheet.first + at)}{max(body.row, 1)}"
        findings.append(build_finding("D10", body.label, cell, what))
    return findings


def _tell_contradiction(body: Body, at: int, text: Cell) -> Finding:
    what = phrase(
        "D12",
        "written_otherwise",
        text=quote_value(text),
        header=quote_value(body.headers[at]),
    )
    return build_finding("D12", body.label, f"{format_column(body.sheet.first + at)}{max(body.row, 1)}", what)


# --- the table -------------------------------------------------------------------------------------


def _build_raw(rule: TableRule, body: Body, made: Mapping[str, Made], places: Mapping[str, int]) -> Raw:
    """Return the table with its columns where they stand in the export, the others beside them."""
    headers = [_name_unused(rule, header, body.sheet.first + at) for at, header in enumerate(body.headers)]
    columns: list[Cells] = list(body.cells)
    size = len(columns)
    for at, header in enumerate(body.headers):
        if header_key(header) in set(map(header_key, rule.ignore)):
            columns[at] = [None] * body.size
    for name, at in places.items():
        own = name_own_column(rule, name)
        if at >= 0 and headers[at] not in made:
            headers[at], columns[at] = _head(made[own]), made[own].cells
        else:  # a fixed value, or a second column of the table from one of the export
            headers.append(_head(made[own]))
            columns.append(made[own].cells)
    raw = _frame(rule, body, headers, columns)
    top = max(body.row, 0)
    formats = {
        column - body.sheet.first: {code: rows[rows > top] - top - 1 for code, rows in by_code.items()}
        for column, by_code in body.sheet.formats.items()
        if 0 <= column - body.sheet.first < size
    }
    return replace(raw, row=top, column=body.sheet.first, formats=_keep_inside(formats, body.size))


def _keep_inside(
    formats: Mapping[int, Mapping[str, npt.NDArray[np.int64]]], size: int
) -> dict[int, dict[str, npt.NDArray[np.int64]]]:
    return {at: {code: rows[rows < size] for code, rows in codes.items()} for at, codes in formats.items()}


def _frame(rule: TableRule, body: Body, headers: Sequence[str], columns: Sequence[Cells]) -> Raw:
    size = body.size
    while size and all(is_blank_cell(column[size - 1]) for column in columns):
        size -= 1
    frame = pd.DataFrame({at: as_cells(column[:size]) for at, column in enumerate(columns)})
    frame.columns = pd.Index(list(headers), dtype=object)
    return Raw(rule.table, body.label, frame, 0, text=body.sheet.text)


def _name_unused(rule: TableRule, header: str, column: int) -> str:
    """Return the header of a column that is not used, so that nothing takes it for one of the table's."""
    if header_key(header) in set(map(header_key, rule.ignore)):
        return f"({format_column(column)})"
    known = {header_key(header), read_name(header)}
    if any(known & rank_headings(rule.table, column.name).keys() for column in TABLES[rule.table].columns):
        return _("{header} (not used)", header=header)
    return header


def _head(made: Made) -> str:
    """Return a column's own header, with the unit that the export's header named."""
    if made.unit == NO_UNIT:
        return made.name
    scale = {1e3: "thousand", 1e6: "million"}.get(made.unit.scale, "")
    words = [word for word in ("%" if made.unit.rate else "", scale, made.unit.currency) if word]
    return f"{made.name} ({' '.join(words)})"


def _unpivot(rule: TableRule, body: Body, made: Mapping[str, Made], label: str) -> Raw:
    """Return a table in which months stood as columns with a row for each of their cells."""
    assert rule.months is not None
    months = {
        at: month for at, header in enumerate(body.headers) if (month := read_month(header)) is not None
    }
    years = {month.year or rule.months.year for month in months.values()}
    if not months or 0 in years:
        raise ProfileError(
            _("{source}: the months at the head of its columns do not say their year", source=label),
            _("Write the year in the profile: {example}", example="[tables.months] year = 2024"),
        )
    value_rule = rule.columns.get(rule.months.value, ColumnRule())
    value = TABLES[rule.table].column(rule.months.value)
    data: dict[str, Cells] = {name: [] for name in (rule.months.date, rule.months.value, *made)}
    for at, month in months.items():
        day = end_month(month.year or rule.months.year, month.month)
        held = [i for i, cell in enumerate(body.cells[at]) if not is_blank_cell(cell)]
        data[rule.months.date] += [day] * len(held)
        cells = convert_numbers(value_rule, value, body.cells[at])
        data[rule.months.value] += [cells[i] for i in held]
        for name, column in made.items():
            data[name] += [column.cells[i] for i in held]
    frame = pd.DataFrame({name: as_cells(cells) for name, cells in data.items()})
    return Raw(rule.table, label, frame, 0, text=body.sheet.text)


def _merge_alike(rule: TableRule, body: Body, made: Mapping[str, Made], label: str) -> Raw:
    """Return a table in which rows that are alike stand once."""
    frame = pd.DataFrame({_head(column): as_cells(column.cells) for column in made.values()})
    key = [c.name for c in TABLES[rule.table].columns if c.required and c.name in frame]
    filled = ~frame[key].map(is_blank_cell).any(axis=1) if key else pd.Series(True, index=frame.index)
    frame = frame[filled.to_numpy()]
    alike = frame.map(lambda cell: cell.strip() if isinstance(cell, str) else cell).duplicated()
    frame = frame[~alike.to_numpy()].reset_index(drop=True)
    return Raw(rule.table, label, frame.astype(object), 0, text=body.sheet.text)
