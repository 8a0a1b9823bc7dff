"""Deliberate faults of a workbook, each of a kind that Excel repairs, drops, or shows wrongly; and who catches it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.witness.book import Book

Edit = Callable[[dict[str, bytes]], None]


class Fault(NamedTuple):
    """A fault: what it is, how it is made, and the witness that must see it."""

    what: str
    make: Edit
    witness: str


def spoil(path: Path, target: Path, fault: Fault) -> Path:
    """Write a copy of a workbook with a fault in it."""
    parts = dict(Book.read(path).parts)
    fault.make(parts)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return target


def change(where: str, old: str, new: str, count: int = 1) -> Edit:
    """Return what replaces the first place that a pattern fits, in the first part named like ``where`` that has one."""

    def edit(parts: dict[str, bytes]) -> None:
        for name in sorted(parts):
            if re.fullmatch(where, name):
                found, n = re.subn(old, new, parts[name].decode(), count=count, flags=re.DOTALL)
                if n:
                    parts[name] = found.encode()
                    return
        raise LookupError(f"no {where} has {old}")

    return edit


def drop(where: str) -> Edit:
    """Return what leaves out the first part named like ``where``."""

    def edit(parts: dict[str, bytes]) -> None:
        del parts[next(name for name in sorted(parts) if re.fullmatch(where, name))]

    return edit


def add(name: str, content: bytes) -> Edit:
    """Return what adds a part, or puts another in its place."""
    return lambda parts: parts.__setitem__(name, content)


STYLES, BOOK, TYPES = r"xl/styles\.xml", r"xl/workbook\.xml", r"\[Content_Types\]\.xml"
SHEET, TABLE, CHART = r"xl/worksheets/sheet\d+\.xml", r"xl/tables/table\d+\.xml", r"xl/charts/chart\d+\.xml"
DRAWING, NOTES, SHAPES = (
    r"xl/drawings/drawing\d+\.xml",
    r"xl/comments\d+\.xml",
    r"xl/drawings/vmlDrawing\d+\.vml",
)
ARROWS = r"xl/worksheets/_rels/sheet\d+\.xml\.rels"
LINTER, SCHEMAS, NOVELTY, RECALCULATION, FORMATS = "linter", "schemas", "novelty", "recalculation", "formats"
LONG = "x" * 300

# ruff: noqa: E501
FAULTS = (
    # styles and number formats
    Fault("a cell style of a font that is not there", change(STYLES, r'(<cellXfs.*?fontId=")\d+', r"\g<1>999"), LINTER),
    Fault("a cell style of a fill that is not there", change(STYLES, r'(<cellXfs.*?fillId=")\d+', r"\g<1>999"), LINTER),
    Fault("a number format that is not there", change(STYLES, r'(<cellXfs.*?numFmtId=")\d+', r"\g<1>777"), LINTER),
    Fault("two number formats of one number", change(STYLES, r'(<numFmt numFmtId="\d+")(.*?)<numFmt numFmtId="\d+"', r"\1\2\1"), LINTER),
    Fault("a count of styles that is wrong", change(STYLES, r'(<fonts count=")\d+', r"\g<1>999"), LINTER),
    Fault("a number format too long", change(STYLES, r'formatCode="[^"]*"', f'formatCode="&quot;{LONG}&quot;"'), LINTER),
    Fault("a quote without its end in a number format", change(STYLES, r'formatCode="[^"]*"', 'formatCode="#,##0&quot; EUR"'), FORMATS),
    Fault("five sections of a number format", change(STYLES, r'formatCode="[^"]*"', 'formatCode="0;-0;0;@;0;0"'), FORMATS),
    Fault("words outside quotes in a number format", change(STYLES, r'formatCode="[^"]*"', 'formatCode="0 kpl"'), LINTER),
    Fault("a turn of more than Excel turns", change(STYLES, r"<alignment ", '<alignment textRotation="200" '), LINTER),
    Fault("a font's size in words", change(STYLES, r'<sz val="[^"]*"', '<sz val="large"'), SCHEMAS),
    Fault("another first fill", change(STYLES, r'patternType="none"', 'patternType="solid"'), LINTER),
    Fault("the order of a rule's style", change(STYLES, r"<dxf>(<font>.*?</font>)(<fill>.*?</fill>)", r"<dxf>\2\1"), SCHEMAS),
    Fault("a rule of a style that is not there", change(SHEET, r'dxfId="\d+"', 'dxfId="999"'), LINTER),
    # tables
    Fault("two tables of one name", change(TABLE, r'displayName="(?!Sales")\w+"', 'displayName="Sales"'), LINTER),
    Fault("two tables of one number", change(TABLE, r'<table id="\d+"', '<table id="2"'), LINTER),
    Fault("a table named like a cell", change(TABLE, r'displayName="\w+"', 'displayName="AB12"'), LINTER),
    Fault("a header that differs from its column", change(TABLE, r'tableColumn id="1" name="\w+"', 'tableColumn id="1" name="other"'), LINTER),
    Fault("two columns of one name", change(TABLE, r'(name="(\w+)"/><tableColumn id="\d+" name=")\w+', r"\1\2"), LINTER),
    Fault("a table wider than its columns", change(TABLE, r'ref="A1:[A-Z]+(\d+)"', r'ref="A1:Z\1"'), LINTER),
    Fault("a table without a row", change(TABLE, r'ref="(A1:[A-Z]+)\d+"', r'ref="\g<1>1"'), LINTER),
    Fault("a table's filter of other cells", change(TABLE, r'<autoFilter ref="A1:', '<autoFilter ref="A2:'), LINTER),
    # names and the list of sheets
    Fault("two names alike", change(BOOK, r"(<definedName [^>]*>[^<]*</definedName>)", r"\1\1"), LINTER),
    Fault("a name like a cell", change(BOOK, r"</definedNames>", r"<definedName name='A1'>1</definedName></definedNames>"), LINTER),
    Fault("a name of a sheet that is not there", change(BOOK, r'localSheetId="\d+"', 'localSheetId="99"'), LINTER),
    Fault("a name of cells that are gone", change(BOOK, r"</definedNames>", "<definedName name='gone'>#REF!</definedName></definedNames>"), LINTER),
    Fault("a name that points at no sheet", change(BOOK, r"</definedNames>", "<definedName name='lost'>Nowhere!$A$1</definedName></definedNames>"), LINTER),
    Fault("a print area of another sheet", change(BOOK, r"(Print_Area[^>]*>)'?[^'!]+'?!", r"\1Sales!"), LINTER),
    Fault("two sheets alike", change(BOOK, r'name="Customers"', 'name="SALES"'), LINTER),
    Fault("a sheet's name too long", change(BOOK, r'name="Customers"', f'name="{"c" * 32}"'), LINTER),
    Fault("a sheet's name with a colon", change(BOOK, r'name="Customers"', 'name="Cus:tomers"'), LINTER),
    Fault("two sheets of one number", change(BOOK, r'(name="Customers" sheetId=)"\d+"', r'\1"1"'), LINTER),
    Fault("a hidden sheet in front", change(BOOK, r'(<sheets>\s*<sheet name="[^"]*" sheetId="\d+")(?: state="visible")?', r'\1 state="hidden"'), LINTER),
    Fault("two selected sheets", change(SHEET, r"<sheetView (?![^>]*tabSelected)", '<sheetView tabSelected="1" '), LINTER),
    # merges, order, rows and cells
    Fault("merged cells that meet", change(SHEET, r'<mergeCell ref="([A-Z]+)(\d+):[^"]*"/>', r'<mergeCell ref="A1:Z90"/>\g<0>'), LINTER),
    Fault("one merged cell", change(SHEET, r'<mergeCell ref="([A-Z]+\d+):[^"]*"/>', r'<mergeCell ref="\1"/>'), LINTER),
    Fault("elements in another order", change(SHEET, r"(<mergeCells.*?</mergeCells>)(.*)(</worksheet>)", r"\2\1\3"), LINTER),
    Fault("an element of a sheet twice", change(SHEET, r"<pageMargins[^>]*/>", r"\g<0>\g<0>"), LINTER),
    Fault("an element that Excel has not", change(SHEET, r"<pageMargins", r"<pageMargin/>\g<0>"), SCHEMAS),
    Fault("an attribute that Excel has not", change(SHEET, r"<sheetView ", '<sheetView showTips="1" '), NOVELTY),
    Fault("rows in another order", change(SHEET, r'<row r="1"', '<row r="7"'), LINTER),
    Fault("cells in another order", change(SHEET, r'(<c r="A1"[^>]*?(?:/>|>.*?</c>))(<c r="B1"[^>]*?(?:/>|>.*?</c>))', r"\2\1"), LINTER),
    Fault("a cell's style that is not there", change(SHEET, r'(<c r="A1" s=)"\d+"', r'\1"9999"'), LINTER),
    Fault("a number that is none", change(SHEET, r"(<c r=\"\w+\" s=\"\d+\">)<v>[\d.]+</v>", r"\1<v>nan</v>"), LINTER),
    Fault("a truth value that is none", change(SHEET, r'<c r="(\w+)" s="(\d+)"><v>[\d.]+</v>', r'<c r="\1" s="\2" t="b"><v>yes</v>'), LINTER),
    Fault("an error that Excel has not", change(SHEET, r'<c r="(\w+)" s="(\d+)"><v>[\d.]+</v>', r'<c r="\1" s="\2" t="e"><v>#OOPS!</v>'), LINTER),
    Fault("a shared text that is not there", change(SHEET, r'<c r="(\w+)" s="(\d+)"><v>[\d.]+</v>', r'<c r="\1" s="\2" t="s"><v>99999</v>'), LINTER),
    Fault("a row too tall", change(SHEET, r' ht="[\d.]+"', ' ht="999"'), LINTER),
    Fault("columns that overlap", change(SHEET, r'(<col [^>]*)min="2" max="2"', r'\1min="1" max="2"'), LINTER),
    # texts
    Fault("a text too long", change(SHEET, r"<is><t>[^<]*</t></is>", f"<is><t>{'x' * 32_768}</t></is>"), LINTER),
    Fault("blanks that are not kept", change(SHEET, r"<is><t>", "<is><t> "), LINTER),
    Fault("an escaped letter by chance", change(SHEET, r"<is><t>", "<is><t>_x0041_"), LINTER),
    Fault("a text in the cell beside a value", change(SHEET, r"(<is><t>[^<]*</t></is>)", r"\1<v>1</v>"), LINTER),
    # rules, validations, links, filters
    Fault("two rules of one rank", change(SHEET, r'(<cfRule [^>]*priority=")(\d+)(.*?<cfRule [^>]*priority=")\d+', r"\1\2\g<3>\2"), LINTER),
    Fault("a rule without a formula", change(SHEET, r'(<cfRule type="expression"[^>]*>)<formula>[^<]*</formula>', r"\1"), LINTER),
    Fault("a colour scale of one colour", change(SHEET, r'(<colorScale>.*?)(<color [^>]*/>)(<color [^>]*/>)+', r"\1\2"), LINTER),
    Fault("a list of a validation too long", change(SHEET, r"<formula1>[^<]*</formula1>", f'<formula1>"{LONG}"</formula1>'), LINTER),
    Fault("a validation's title too long", change(SHEET, r"<dataValidation ", f'<dataValidation errorTitle="{LONG[:40]}" '), LINTER),
    Fault("a validation that names a table", change(SHEET, r"<formula1>[^<]*</formula1>", "<formula1>Sales[customer]</formula1>"), LINTER),
    Fault("a validation of no cells", change(SHEET, r'(<dataValidation [^>]*sqref=")[^"]*', r"\1A0"), LINTER),
    Fault("a link to a sheet that is not there", change(SHEET, r'location="[^"]*"', "location=\"'Nowhere'!A1\""), LINTER),
    Fault("two links on one cell", change(SHEET, r"(<hyperlink [^>]*/>)", r"\1\1"), LINTER),
    Fault("a link by a relationship that is not there", change(SHEET, r'<hyperlink ref="(\w+)" [^>]*/>', r'<hyperlink ref="\1" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rId77"/>'), LINTER),
    Fault("a filter that its name does not know", change(SHEET, r'<autoFilter ref="([A-Z]+\d+):([A-Z]+)\d+"', r'<autoFilter ref="\1:\g<2>9999"'), LINTER),
    Fault("a footer too long", change(SHEET, r"<oddFooter>[^<]*", f"<oddFooter>{LONG}"), LINTER),
    Fault("a page break behind the last row", change(SHEET, r'<brk id="\d+"', '<brk id="1048576"'), LINTER),
    # content types, arrows
    Fault("a part without a content type", change(TYPES, r'<Override PartName="/xl/charts[^>]*/>', ""), LINTER),
    Fault("a content type of another part", change(TYPES, r"drawingml\.chart\+xml", "spreadsheetml.table+xml"), LINTER),
    Fault("a content type twice", change(TYPES, r'(<Override PartName="/xl/styles[^>]*/>)', r"\1\1"), LINTER),
    Fault("a content type of nothing", drop(CHART), LINTER),
    Fault("an arrow to nothing", change(ARROWS, r'Target="[^"]*tables/table\d+\.xml"', 'Target="../tables/gone.xml"'), LINTER),
    Fault("two arrows of one number", change(ARROWS, r'(<Relationship [^>]*/>)', r"\1\1"), LINTER),
    Fault("a part that nothing leads to", change(ARROWS, r'<Relationship [^>]*comments\d+\.xml"[^>]*/>', ""), LINTER),
    Fault("an empty part", add("xl/styles.xml", b""), LINTER),
    Fault("a part that is no sound XML", change(SHEET, r"</worksheet>", ""), LINTER),
    # charts, drawings, notes
    Fault("two axes of one number", change(CHART, r'(<c:valAx><c:axId val=)"\d+"', r'\1"10"'), LINTER),
    Fault("a plot on an axis that is not there", change(CHART, r'(</c:ser><c:axId val=)"\d+"', r'\1"77"'), LINTER),
    Fault("two series of one number", change(CHART, r'(<c:ser>.*?</c:ser>)', r"\1\1"), LINTER),
    Fault("a series of a sheet that is not there", change(CHART, r"<c:f>'?[^'!]+'?!", "<c:f>Nowhere!"), LINTER),
    Fault("a point behind the last", change(CHART, r'<c:ptCount val="\d+"', '<c:ptCount val="1"'), LINTER),
    Fault("an axis that does not say where it crosses", change(CHART, r'<c:crossBetween val="\w+"/>', ""), NOVELTY),
    Fault("elements of a chart in another order", change(CHART, r"(<c:plotVisOnly[^>]*/>)(.*?)(<c:dispBlanksAs[^>]*/>)", r"\3\2\1"), SCHEMAS),
    Fault("letters of an axis with a run", change(CHART, r"(<c:txPr>.*?</a:pPr>)", r"\1<a:r><a:t></a:t></a:r>"), LINTER),
    Fault("two shapes of one number", change(DRAWING, r'(<xdr:cNvPr id=)"\d+"(.*?<xdr:cNvPr id=)"\d+"', r'\1"1"\2"1"'), LINTER),
    Fault("a frame without its place", change(DRAWING, r"<xdr:xfrm>.*?</xdr:xfrm>", "<xdr:xfrm/>"), NOVELTY),
    Fault("a chart by an arrow that is not there", change(DRAWING, r'r:id="rId\d+"', 'r:id="rId99"'), LINTER),
    Fault("two notes on one cell", change(NOTES, r"(<comment .*?</comment>)", r"\1\1"), LINTER),
    Fault("a note by nobody", change(NOTES, r'authorId="0"', 'authorId="9"'), LINTER),
    Fault("a note's shape on another cell", change(SHAPES, r"<x:Row>\d+</x:Row>", "<x:Row>77</x:Row>"), LINTER),
    Fault("notes without shapes", change(SHEET, r"<legacyDrawing [^>]*/>", ""), LINTER),
    # formulas
    Fault("a formula with an equals sign", change(SHEET, r"<f>(?!=)", "<f>="), LINTER),
    Fault("a formula of a function that is none", change(SHEET, r"<f>[^<]*</f>", "<f>SUMM(A1:A3)</f>"), LINTER),
    Fault("a new function without its prefix", change(SHEET, r"<f>[^<]*</f>", "<f>XLOOKUP(1,A1:A3,A1:A3)</f>"), LINTER),
    Fault("a formula of a sheet that is not there", change(SHEET, r"<f>[^<]*</f>", "<f>Nowhere!A1</f>"), LINTER),
    Fault("a formula of a column that is not there", change(SHEET, r"<f>[^<]*</f>", "<f>SUM(Sales[colour])</f>"), LINTER),
    Fault("a formula without its end", change(SHEET, r"<f>[^<]*</f>", "<f>SUM(A1:A3</f>"), LINTER),
    Fault("semicolons between arguments", change(SHEET, r"<f>[^<]*</f>", "<f>SUM(A1;A3)</f>"), LINTER),
    Fault("a value that its formula does not come to", change(SHEET, r"(<f>[^<]*</f><v>)[\d.]+</v>", r"\g<1>123456</v>"), RECALCULATION),
    Fault("an error beside a formula that has none", change(SHEET, r'(<c r="\w+" s="\d+")(><f>[^<]*</f><v>)[\d.]+</v>', r'\1 t="e"\2#DIV/0!</v>'), RECALCULATION),
)  # fmt: skip
"""The faults; each name once."""
