"""What makes Excel repair a sheet: order, cells, merges, rules, validations, links, filters."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tests.witness.book import (
    LAST_COLUMN,
    LAST_ROW,
    SPACE,
    Block,
    Book,
    Element,
    M,
    R,
    local,
    read_block,
    read_text,
)
from tests.witness.lint_formulas import Names, lint_formula

ORDER = (
    *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr"),
    *("sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate"),
    *("customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting", "dataValidations"),
    *("hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks"),
    *("customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing"),
    *("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems"),
    *("tableParts", "extLst"),
)
"""The elements of a sheet in the order of CT_Worksheet (ECMA-376 part 1, 18.3.1.99)."""

ERRORS = {"#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NUM!", "#NAME?", "#NULL!", "#GETTING_DATA"}
MOST_LINKS, LONGEST_TEXT, TALLEST, WIDEST = 65_530, 32_767, 409.5, 255.0
_ESCAPE = re.compile(r"_x[0-9A-Fa-f]{4}_")
_PLACE = re.compile(r"(?:'((?:[^']|'')+)'|([^\W\d][\w.]*))!(\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)")

Cells = Mapping[tuple[int, int], str | None]
Faults = Iterator[str]


@dataclass(frozen=True)
class Page:
    """A sheet, and what its workbook knows: the numbers of styles there are, the names there are."""

    book: Book
    root: Element
    part: str
    index: int
    styles: int
    rules: int
    names: Names
    cells: dict[tuple[int, int], str | None] = field(default_factory=dict)
    """The texts of the cells that hold one, by row and column; filled while they are looked at."""


def lint_sheet(page: Page) -> Faults:
    """Yield what is wrong with a sheet."""
    yield from _lint_order(page.root)
    yield from _lint_views(page.root)
    yield from _lint_sizes(page.root)
    for row in page.root.iterfind(f"{M}sheetData/{M}row"):
        yield from _lint_row(page, row)
    yield from _lint_row_order(page.root)
    yield from _lint_merges(page.root)
    yield from _lint_rules(page)
    yield from _lint_validations(page)
    yield from _lint_links(page)
    yield from _lint_filter(page)
    yield from _lint_printing(page.root)


def _lint_order(root: Element) -> Faults:
    names = [local(e) for e in root if isinstance(e.tag, str)]
    strange = [name for name in names if name not in ORDER and name != "AlternateContent"]
    places = [ORDER.index(name) for name in names if name in ORDER]
    if strange or places != sorted(places):
        yield f"elements in another order than Excel's: {strange or names}"
    twice = [
        n
        for n, count in Counter(names).items()
        if count > 1 and n not in ("conditionalFormatting", "AlternateContent")
    ]
    yield from (f"{name} stands twice" for name in twice)
    for name in (
        "mergeCells",
        "dataValidations",
        "hyperlinks",
        "tableParts",
        "cols",
        "conditionalFormatting",
    ):
        for group in root.iterfind(f"{M}{name}"):
            if not len(group):
                yield f"{name} is empty"
            if group.get("count") and group.get("count") != str(len(group)):
                yield f"{name} say {group.get('count')} and are {len(group)}"


def _lint_views(root: Element) -> Faults:
    for view in root.iter(f"{M}sheetView"):
        if not 10 <= int(view.get("zoomScale", "100")) <= 400:
            yield f"a zoom of {view.get('zoomScale')}"
        pane = view.find(f"{M}pane")
        if pane is None:
            continue
        across, down = float(pane.get("xSplit", "0")), float(pane.get("ySplit", "0"))
        wanted = {(True, True): "bottomRight", (True, False): "topRight", (False, True): "bottomLeft"}
        if pane.get("activePane", "topLeft") != wanted.get((across > 0, down > 0)):
            yield f"the pane {pane.get('activePane')} of a sheet split at {across:g}, {down:g}"
        panes = Counter(e.get("pane", "topLeft") for e in view.iterfind(f"{M}selection"))
        yield from (f"two selections in the pane {name}" for name, n in panes.items() if n > 1)


def _lint_sizes(root: Element) -> Faults:
    last = 0
    for column in root.iterfind(f"{M}cols/{M}col"):
        first, end = int(column.get("min", "0")), int(column.get("max", "0"))
        if not last < first <= end <= LAST_COLUMN:
            yield f"columns {first} to {end} after column {last}"
        if not 0 <= float(column.get("width", "9")) <= WIDEST:
            yield f"a column {column.get('width')} wide"
        last = end


def _lint_row_order(root: Element) -> Faults:
    last = 0
    for row in root.iterfind(f"{M}sheetData/{M}row"):
        number = int(row.get("r", str(last + 1)))
        if not last < number <= LAST_ROW:
            yield f"row {number} after row {last}"
        if float(row.get("ht", "0")) > TALLEST:
            yield f"row {number} is {row.get('ht')} tall"
        last = number


def _lint_row(page: Page, row: Element) -> Faults:
    last = 0
    for cell in row:
        place = cell.get("r", "")
        block = read_block(place)
        if block is None or block.top != int(row.get("r", block.top)):
            yield f"the cell {place} in row {row.get('r')}"
            continue
        if block.left <= last:
            yield f"the cell {place} after column {last}"
        last = block.left
        if int(cell.get("s", "0")) >= page.styles:
            yield f"the cell {place} has the style {cell.get('s')} of {page.styles}"
        yield from (f"{place}: {fault}" for fault in _lint_cell(page, cell, block))


def _lint_cell(page: Page, cell: Element, block: Block) -> Faults:
    kind, value, formula = cell.get("t", "n"), cell.find(f"{M}v"), cell.find(f"{M}f")
    text = None if value is None else value.text or ""
    if kind == "inlineStr":
        inline = cell.find(f"{M}is")
        if inline is None or value is not None or formula is not None:
            yield "a text in the cell that is not there, or beside a value"
        else:
            page.cells[block.top, block.left] = read_text(inline)
            yield from lint_text(inline)
    elif kind == "s":
        if text is None or not text.isdecimal() or int(text) >= len(page.book.texts):
            yield f"the shared text {text} of {len(page.book.texts)}"
        else:
            page.cells[block.top, block.left] = read_text(page.book.texts[int(text)])
    elif kind == "str":
        page.cells[block.top, block.left] = text
        if len(text or "") > LONGEST_TEXT:
            yield "a text of too many letters"
    elif kind not in ("n", "b", "e", "d"):
        yield f"a cell of the kind {kind}"
    elif text is not None and (text or formula is None) and not _is_sound_value(kind, text):
        yield f"{text!r} in a cell of the kind {kind}"
    if formula is not None:
        yield from _lint_cell_formula(page, formula)


def _is_sound_value(kind: str, text: str) -> bool:
    if kind == "b":
        return text in ("0", "1")
    if kind == "e":
        return text in ERRORS
    try:
        number = float(text)
    except ValueError:
        return kind == "d"
    return math.isfinite(number) and text.strip() == text and "_" not in text


def _lint_cell_formula(page: Page, formula: Element) -> Faults:
    if (
        formula.get("t") in ("array", "shared")
        and formula.text
        and read_block(formula.get("ref", "")) is None
    ):
        yield f"a formula of the kind {formula.get('t')} for {formula.get('ref')}"
    if formula.get("t") != "shared" or formula.text:
        yield from lint_formula(formula.text or "", page.names)


def lint_text(node: Element) -> Faults:
    """Yield what is wrong with a shared or inline text."""
    whole = read_text(node)
    if len(whole.encode("utf-16-le")) // 2 > LONGEST_TEXT:
        yield f"a text of {len(whole)} letters"
    for t in node.iter(f"{M}t"):
        said = t.text or ""
        if said != said.strip() and t.get(SPACE) != "preserve":
            yield f"the blanks around {said[:40]!r} are not kept"
        if re.search(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]", said):
            yield f"a control character in {said[:40]!r}"
        if _ESCAPE.search(said.replace("_x005F_", "")) and not _is_escaped(said):
            yield f"{said[:40]!r} reads as an escaped character"


def _is_escaped(said: str) -> bool:
    """Whether each ``_xHHHH_`` is one of a character that XML has not, or stands for itself."""
    codes = [found[2:6] for found in _ESCAPE.findall(said.replace("_x005F_", ""))]
    return all(int(code, 16) < 32 or code.upper() in ("FFFE", "FFFF", "005F") for code in codes)


def _lint_merges(root: Element) -> Faults:
    seen: list[Block] = []
    for e in root.iterfind(f"{M}mergeCells/{M}mergeCell"):
        block = read_block(e.get("ref", ""))
        if block is None or (block.top, block.left) == (block.bottom, block.right):
            yield f"merged cells {e.get('ref')}"
            continue
        yield from (f"merged cells {e.get('ref')} meet others" for other in seen if block.meets(other))
        seen.append(block)


def _lint_rules(page: Page) -> Faults:
    rules = list(page.root.iter(f"{M}cfRule"))
    yield from (
        f"two rules of the rank {rank}"
        for rank, n in Counter(rule.get("priority") for rule in rules).items()
        if n > 1
    )
    for group in page.root.iterfind(f"{M}conditionalFormatting"):
        yield from (f"a rule for {a}" for a in (group.get("sqref") or "?").split() if read_block(a) is None)
    for rule in rules:
        if rule.get("dxfId") and int(rule.get("dxfId", "0")) >= page.rules:
            yield f"a rule of the style {rule.get('dxfId')} of {page.rules}"
        formulas = [e.text or "" for e in rule.iterfind(f"{M}formula")]
        wanted = {"cellIs": 1, "expression": 1}.get(rule.get("type", ""), 0)
        if rule.get("operator") in ("between", "notBetween"):
            wanted += 1
        if wanted and len(formulas) != wanted:
            yield f"a rule {rule.get('type')} with {len(formulas)} formulas"
        for formula in formulas:
            yield from (f"a rule: {fault}" for fault in lint_formula(formula, page.names))
            if re.search(r"\w\[", formula):
                yield f"a rule that names a table: {formula[:60]}"
        yield from _lint_scale(rule)


def _lint_scale(rule: Element) -> Faults:
    for name, least, most in (("dataBar", 2, 2), ("colorScale", 2, 3), ("iconSet", 3, 5)):
        scale = rule.find(f"{M}{name}")
        if (scale is not None) != (rule.get("type") == name):
            yield f"a rule of the type {rule.get('type')} and {name}"
        if scale is None:
            continue
        stops, colours = len(scale.findall(f"{M}cfvo")), len(scale.findall(f"{M}color"))
        if not least <= stops <= most or colours != {"dataBar": 1, "colorScale": stops}.get(name, 0):
            yield f"{name} with {stops} stops and {colours} colours"


def _lint_validations(page: Page) -> Faults:
    for e in page.root.iterfind(f"{M}dataValidations/{M}dataValidation"):
        where = e.get("sqref") or "?"
        yield from (f"a validation of {a}" for a in where.split() if read_block(a) is None)
        for name, most in (("promptTitle", 32), ("prompt", 255), ("errorTitle", 32), ("error", 255)):
            if len(e.get(name, "")) > most:
                yield f"the {name} of a validation of {where} is {len(e.get(name, ''))} long"
        for name in ("formula1", "formula2"):
            said = e.findtext(f"{M}{name}")
            if said is None:
                continue
            if said.startswith('"') and len(said) - 2 > 255:
                yield f"a list of {len(said) - 2} letters in a validation of {where}"
            if re.search(r"\w\[", said):
                yield f"a validation that names a table: {said[:60]}"
            yield from (f"a validation of {where}: {fault}" for fault in lint_formula(said, page.names))
        if e.get("type") in ("list", "custom", "whole", "decimal", "date") and e.find(f"{M}formula1") is None:
            yield f"a validation of {where} by nothing"


def _lint_links(page: Page) -> Faults:
    links = list(page.root.iterfind(f"{M}hyperlinks/{M}hyperlink"))
    if len(links) > MOST_LINKS:
        yield f"{len(links)} links"
    for ref, n in Counter(link.get("ref") for link in links).items():
        if n > 1 or read_block(ref or "") is None:
            yield f"{n} links on {ref}"
    sheets = {tab.name.casefold() for tab in page.book.tabs}
    for link in links:
        place = link.get("location", "")
        if not place and link.get(f"{R}id") is None:
            yield f"a link on {link.get('ref')} that leads nowhere"
        if place and "!" in place:
            found = _PLACE.fullmatch(place)
            to = (found[1] or found[2]).replace("''", "'") if found else ""
            if found is None or to.casefold() not in sheets or read_block(found[3].replace("$", "")) is None:
                yield f"a link on {link.get('ref')} to {place}"
        if len(place) > 2080 or len(link.get("tooltip", "")) > 255:
            yield f"a link on {link.get('ref')} of too many letters"


def _lint_filter(page: Page) -> Faults:
    filtered = page.root.find(f"{M}autoFilter")
    said = page.book.names.get(("_xlnm._filterdatabase", str(page.index)))
    if filtered is None:
        if said is not None:
            yield "a filter by name and none on the sheet"
        return
    ref = filtered.get("ref", "")
    block = read_block(ref)
    if block is None:
        yield f"a filter of {ref}"
    if said is not None and said.rpartition("!")[2].replace("$", "") != ref:
        yield f"a filter of {ref}, by name of {said}"
    for merged in page.root.iterfind(f"{M}mergeCells/{M}mergeCell"):
        other = read_block(merged.get("ref", ""))
        if block and other and block.meets(other):
            yield f"a filter of {ref} over merged cells {merged.get('ref')}"


def _lint_printing(root: Element) -> Faults:
    for e in root.iterfind(f"{M}headerFooter/*"):
        if len(e.text or "") > 255:
            yield f"a {local(e)} of {len(e.text or '')} letters"
    setup = root.find(f"{M}pageSetup")
    if setup is not None and not 10 <= int(setup.get("scale", "100")) <= 400:
        yield f"printed at {setup.get('scale')} %"
    for name, most in (("rowBreaks", LAST_ROW), ("colBreaks", LAST_COLUMN)):
        group = root.find(f"{M}{name}")
        for e in () if group is None else group:
            if not 0 < int(e.get("id", "0")) < most:
                yield f"a page break at {e.get('id')}"
