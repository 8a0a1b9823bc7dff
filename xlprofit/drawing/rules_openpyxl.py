"""Colour rules as openpyxl's conditional formats, so that what a user edits is coloured anew."""

from __future__ import annotations

from typing import Any

from openpyxl.formatting.rule import ColorScale, DataBar, FormatObject, Rule
from openpyxl.styles import Color, Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.worksheet.worksheet import Worksheet

from xlprofit.drawing.conditions import Bar, Condition, HeatMap, PlacedRule
from xlprofit.sheets import theme


def add_rule(worksheet: Worksheet, placed: PlacedRule) -> None:
    """Add a rule as a conditional format of its cells."""
    place = " ".join(block.address for block in placed.blocks)
    match placed.rule:
        case Condition():
            made = _build_condition_rule(worksheet, place.split(":")[0], placed.rule)
        case Bar():
            made = _build_bar_rule(placed.rule)
        case HeatMap():
            made = _build_heat_rule(placed.rule)
    worksheet.conditional_formatting.add(place, made)


def _build_condition_rule(worksheet: Worksheet, first: str, condition: Condition) -> Rule:
    """Return a condition; one by a number asks numbers only, for Excel holds any text above any number."""
    dxf = _build_differential_style(worksheet, condition)
    if isinstance(condition.limit, str):
        text = '"' + condition.limit.replace('"', '""') + '"'
        return Rule(type="cellIs", operator="equal", formula=[text], dxf=dxf)
    sign = "<" if condition.operator == "below" else ">"
    return Rule(
        type="expression", formula=[f"AND(ISNUMBER({first}),{first}{sign}{condition.limit!r})"], dxf=dxf
    )


def _build_differential_style(worksheet: Worksheet, condition: Condition) -> DifferentialStyle:
    look = theme.find_look(condition.meaning)
    fill = PatternFill(bgColor=Color(rgb=f"FF{look.fill}")) if look.fill and condition.filled else None
    dxf = DifferentialStyle(font=Font(color=f"FF{look.font}", bold=look.bold or None), fill=fill)
    if condition.number_format:
        code = condition.number_format
        formats: Any = worksheet.parent
        dxf.numFmt = NumberFormat(numFmtId=164 + formats._number_formats.add(code), formatCode=code)
    return dxf


def _build_bar_rule(bar: Bar) -> Rule:
    ends = [
        FormatObject(type="num", val=bar.low),
        FormatObject(type="max") if bar.high is None else FormatObject(type="num", val=bar.high),
    ]
    drawn = DataBar(cfvo=ends, color=Color(rgb=f"FF{bar.colour}"), minLength=0, maxLength=100)
    return Rule(type="dataBar", dataBar=drawn)


def _build_heat_rule(heat: HeatMap) -> Rule:
    scale = ColorScale(
        cfvo=[FormatObject(type="num", val=at) for at, _ in heat.stops],
        color=[Color(rgb=f"FF{colour}") for _, colour in heat.stops],
    )
    return Rule(type="colorScale", colorScale=scale)
