"""What makes Excel repair the styles of a workbook."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from tests.witness.book import Book, Element, M

LISTS = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs")
MOST_STYLES, MOST_FORMATS = 65_490, 250
FIRST_OWN_FORMAT = 164
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_FORMAT_LETTERS = re.compile(
    r"General|AM/PM|A/P|[0#?.,%/+\-()$:;@ dmyhsebg]|E[+-]|[^\x00-\x7f]", re.IGNORECASE
)


def lint_styles(book: Book) -> Iterator[str]:
    """Yield what is wrong with the part that holds the styles."""
    root = book.shared("styles")
    if root is None:
        if "xl/styles.xml" in book.parts:
            yield "the styles cannot be read"
        return
    lists = {name: root.find(f"{M}{name}") for name in LISTS}
    sizes = {name: 0 if found is None else len(found) for name, found in lists.items()}
    for name, found in lists.items():
        said = found.get("count") if found is not None else None
        if said and int(said) != sizes[name]:
            yield f"{name} say {said} and are {sizes[name]}"
    yield from _lint_formats(root)
    for kind in ("cellStyleXfs", "cellXfs"):
        group = lists[kind]
        for number, xf in enumerate(() if group is None else group):
            yield from (f"{kind} {number}: {fault}" for fault in _lint_cell_style(xf, sizes, kind))
    if sizes["cellXfs"] > MOST_STYLES:
        yield f"{sizes['cellXfs']} cell styles"
    styles = lists["cellStyles"]
    for e in () if styles is None else styles:
        if int(e.get("xfId", "0")) >= sizes["cellStyleXfs"]:
            yield f"the style {e.get('name')} is of no format"
    yield from _lint_first_fills(root)


def _lint_formats(root: Element) -> Iterator[str]:
    own = list(root.iterfind(f"{M}numFmts/{M}numFmt"))
    numbers = Counter(e.get("numFmtId") for e in own)
    yield from (f"two number formats {n}" for n, count in numbers.items() if count > 1)
    used = {e.get("numFmtId", "0") for e in root.iterfind(f"{M}cellXfs/{M}xf")}
    unknown = {n for n in used if int(n) >= FIRST_OWN_FORMAT} - set(numbers)
    yield from (f"a cell style of the number format {n}, which is not there" for n in sorted(unknown))
    if len(own) > MOST_FORMATS:
        yield f"{len(own)} number formats"
    for e in root.iter(f"{M}numFmt"):
        code = e.get("formatCode", "")
        if not 0 < len(code) <= 255 or len(code.split(";")) > 4 + code.count('"'):
            yield f"the number format {code[:60]}"
        if code.replace('\\"', "").count('"') % 2:
            yield f"a quote without its end in the number format {code}"
        stray = _FORMAT_LETTERS.sub("", _QUOTED.sub("", code))
        if stray:
            yield f"the number format {code} has {stray!r} outside quotes"


def _lint_cell_style(xf: Element, sizes: dict[str, int], kind: str) -> Iterator[str]:
    for attribute, name in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders")):
        if int(xf.get(attribute, "0")) >= max(sizes[name], 1):
            yield f"{attribute} {xf.get(attribute)} of {sizes[name]}"
    if kind == "cellXfs" and int(xf.get("xfId", "0")) >= max(sizes["cellStyleXfs"], 1):
        yield f"xfId {xf.get('xfId')} of {sizes['cellStyleXfs']}"
    alignment = xf.find(f"{M}alignment")
    if alignment is not None:
        if int(alignment.get("indent", "0")) > 250:
            yield f"an indent of {alignment.get('indent')}"
        turned = int(alignment.get("textRotation", "0"))
        if turned > 180 and turned != 255:
            yield f"text turned by {turned}"


def _lint_first_fills(root: Element) -> Iterator[str]:
    fills = [e.find(f"{M}patternFill") for e in root.iterfind(f"{M}fills/{M}fill")][:2]
    kinds = [None if e is None else e.get("patternType", "none") for e in fills]
    if kinds != ["none", "gray125"]:
        yield f"the first two fills are {kinds}: Excel shows these two as none and gray125"
