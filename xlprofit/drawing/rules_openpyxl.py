"""Colour rules as openpyxl's conditional formats, so that what a user edits is coloured anew."""

from __future__ import annotations

from typing import Any

from openpyxl.formatting.rule import ColorScale, DataBar, FormatObject, Rule
from openpyxl.styles import Color, Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.worksheet.worksheet import Worksheet

from xlprofit import addresses
from xlprofit.drawing import layout
from xlprofit.sheets import theme
from xlprofit.sheets.parts import (
    AboveRule,
    BarRule,
    Cell,
    Column,
    Format,
    HeatRule,
    Meaning,
    Notation,
    Sheet,
    SignRule,
    Table,
    WordRule,
)


def colour_table(worksheet: Worksheet, sheet: Sheet, table: Table) -> None:
    """Add the conditional formats of a table's columns, body and total row."""
    if not table.rows:
        return
    for where, column in enumerate(table.columns, table.column):
        body = addresses.format_block(table.first, where, table.last, where)
        for rule in column.rules:
            if isinstance(rule, WordRule):
                _add_word_rule(worksheet, body, rule)
            elif isinstance(rule, SignRule | AboveRule):
                _add_limit_rule(worksheet, body, rule, column.format, sheet.currency)
                if column.total:
                    whole = addresses.format_address(table.total_row, where)
                    _add_limit_rule(worksheet, whole, rule, column.format, sheet.currency)
            elif isinstance(rule, BarRule):
                _add_bar_rule(worksheet, body, rule, layout.list_finite_numbers(column.values))
    for heat, columns in layout.group_heat_columns(table).items():
        _add_heat_rule(worksheet, table, heat, columns)


def colour_cell(worksheet: Worksheet, sheet: Sheet, cell: Cell) -> None:
    """Add the conditional formats of a single cell."""
    place = addresses.format_address(cell.row, cell.column)
    for rule in cell.rules:
        if isinstance(rule, WordRule):
            _add_word_rule(worksheet, place, rule)
        elif isinstance(rule, SignRule | AboveRule):
            _add_limit_rule(worksheet, place, rule, cell.format, sheet.currency, filled=False)
        elif isinstance(rule, BarRule):
            _add_bar_rule(worksheet, place, rule, [])


def _add_word_rule(worksheet: Worksheet, place: str, rule: WordRule) -> None:
    for word, meaning in rule.words:
        if meaning is not Meaning.PLAIN:
            text = '"' + word.replace('"', '""') + '"'
            worksheet.conditional_formatting.add(
                place,
                Rule(type="cellIs", operator="equal", formula=[text], dxf=_build_differential_style(meaning)),
            )


def _add_limit_rule(
    worksheet: Worksheet,
    place: str,
    rule: SignRule | AboveRule,
    format: Format,
    currency: str | Notation,
    *,
    filled: bool = True,
) -> None:
    """Add what a sign or a limit says; asked of numbers only, for Excel holds any text above any number."""
    first = place.split(":")[0]
    if isinstance(rule, SignRule):
        conditions = [("<0", Meaning.LOSS), (">0", Meaning.PROFIT)]
    else:
        conditions = [(f"{'<' if rule.below else '>'}{rule.limit!r}", rule.meaning)]
    for condition, meaning in conditions:
        formula = f"AND(ISNUMBER({first}),{first}{condition})"
        dxf = _build_differential_style(meaning, filled=filled)
        if isinstance(rule, AboveRule):
            code = theme.build_number_format(
                format, currency, sign=theme.SIGNS.get(meaning, ""), padded=filled
            )
            formats: Any = worksheet.parent
            dxf.numFmt = NumberFormat(numFmtId=164 + formats._number_formats.add(code), formatCode=code)
        worksheet.conditional_formatting.add(place, Rule(type="expression", formula=[formula], dxf=dxf))


def _build_differential_style(meaning: Meaning, *, filled: bool = True) -> DifferentialStyle:
    look = theme.find_look(meaning)
    fill = PatternFill(bgColor=Color(rgb=f"FF{look.fill}")) if look.fill and filled else None
    return DifferentialStyle(font=Font(color=f"FF{look.font}", bold=look.bold or None), fill=fill)


def _add_bar_rule(worksheet: Worksheet, place: str, rule: BarRule, values: list[float]) -> None:
    low = rule.low if rule.low is not None else min([0.0, *values])
    ends = [
        FormatObject(type="num", val=low),
        FormatObject(type="max") if rule.high is None else FormatObject(type="num", val=rule.high),
    ]
    colour = Color(rgb=f"FF{theme.lighten_shade(rule.meaning)}")
    bar = DataBar(cfvo=ends, color=colour, minLength=0, maxLength=100)
    worksheet.conditional_formatting.add(place, Rule(type="dataBar", dataBar=bar))


def _add_heat_rule(worksheet: Worksheet, table: Table, rule: HeatRule, columns: list[Column]) -> None:
    """Add a heat map: white at zero, strong at the limit, on the side or sides where there are values."""
    values = [v for column in columns for v in layout.list_finite_numbers(column.values)]
    stops = _list_heat_stops(rule, values)
    scale = ColorScale(
        cfvo=[FormatObject(type="num", val=at) for at, _ in stops], color=[colour for _, colour in stops]
    )
    positions = [table.position(column.key) for column in columns]
    place = " ".join(addresses.format_block(table.first, p, table.last, p) for p in positions)
    worksheet.conditional_formatting.add(place, Rule(type="colorScale", colorScale=scale))


def _list_heat_stops(rule: HeatRule, values: list[float]) -> list[tuple[float, Color]]:
    """Return the values at which a heat map has a colour of its own, ascending, and these colours."""
    limit = theme.compute_heat_limit(values)
    above, below = (
        Color(rgb=f"FF{theme.lighten_shade(meaning)}") for meaning in (rule.meaning, rule.falling)
    )
    stops = [(0.0, Color(rgb=f"FF{theme.WHITE}"))]
    if any(v < 0 for v in values):
        stops.insert(0, (-limit, below))
    if any(v > 0 for v in values) or len(stops) == 1:
        stops.append((limit, above))
    return stops
