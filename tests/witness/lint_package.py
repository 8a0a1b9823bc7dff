"""What makes Excel repair a file before it looks at a sheet: zip, content types, arrows, the list of sheets, names."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator

from tests.witness.book import TYPES, Book, M, R, read_block

KINDS = {
    "worksheet": "spreadsheetml.worksheet+xml",
    "chartsheet": "spreadsheetml.chartsheet+xml",
    "styles": "spreadsheetml.styles+xml",
    "sharedStrings": "spreadsheetml.sharedStrings+xml",
    "theme": "officedocument.theme+xml",
    "table": "spreadsheetml.table+xml",
    "comments": "spreadsheetml.comments+xml",
    "drawing": "officedocument.drawing+xml",
    "chart": "drawingml.chart+xml",
    "vmlDrawing": "officedocument.vmlDrawing",
    "vbaProject": "ms-office.vbaProject",
    "webextension": "ms-office.webextension+xml",
    "webextensiontaskpanes": "ms-office.webextensiontaskpanes+xml",
}
"""What the content type of a part ends in, by the kind of the arrow that leads to it."""

RESERVED = {"history"}
"""Names that Excel lets no sheet have."""

NAME = re.compile(r"[^\W\d][\w.\\?]*|\\[\w.\\?]*")
LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}\d{1,7}|[Rr]\d*[Cc]\d*|[RrCc]")
POINTED = re.compile(r"(?:'((?:[^']|'')+)'|([^\W\d][\w.]*))!")
_QUOTED = re.compile(r'"(?:[^"]|"")*"')

Faults = Iterator[str]


def lint_package(book: Book) -> Faults:
    """Yield what is wrong with the package as a package."""
    twice = [name for name, n in Counter(name.casefold() for name in book.entries).items() if n > 1]
    yield from (f"two entries of one name: {name}" for name in twice)
    for name, content in book.parts.items():
        if "\\" in name or name.startswith("/"):
            yield f"an entry's name is no part's name: {name}"
        if not content:
            yield f"an empty part: {name}"
        if name.endswith((".xml", ".rels", ".vml")) and name not in book.trees:
            yield f"no sound XML: {name}"
    yield from _lint_types(book)
    yield from _lint_arrows(book)


def _lint_types(book: Book) -> Faults:
    root = book.trees.get(TYPES)
    if root is None:
        yield "no content types"
        return
    named = [(e.get("PartName", ""), e.get("ContentType", "")) for e in root if e.get("PartName")]
    endings = [(e.get("Extension", "").lower(), e.get("ContentType", "")) for e in root if e.get("Extension")]
    for listed in (named, endings):
        counted = Counter(name.casefold() for name, _ in listed)
        yield from (f"two content types of {name}" for name, n in counted.items() if n > 1)
    typed, by_ending = dict(named), dict(endings)
    yield from (f"a content type of a part that is missing: {n}" for n in typed if n[1:] not in book.parts)
    for name in book.parts:
        if name != TYPES and f"/{name}" not in typed and name.rpartition(".")[2].lower() not in by_ending:
            yield f"no content type: {name}"
        for _, arrow in book.list_arrows(name):
            said = typed.get(f"/{arrow.target}") or by_ending.get(arrow.target.rpartition(".")[2].lower(), "")
            wanted = KINDS.get(arrow.kind)
            if wanted and not arrow.external and arrow.target in book.parts and not said.endswith(wanted):
                yield f"{arrow.target} is led to as {arrow.kind} and typed {said}"


def _lint_arrows(book: Book) -> Faults:
    reached: set[str] = set()
    left = [""]
    while left:
        part = left.pop()
        ids = Counter(name for name, _ in book.list_arrows(part))
        yield from (
            f"two relationships {name} of {part or 'the package'}" for name, n in ids.items() if n > 1
        )
        for name, arrow in book.list_arrows(part):
            if arrow.external:
                continue
            if arrow.target not in book.parts:
                yield f"{part or 'the package'} leads by {name} to {arrow.target}, which is missing"
            elif arrow.target not in reached:
                reached.add(arrow.target)
                left.append(arrow.target)
        tree = book.trees.get(part)
        used = (
            set() if tree is None else {v for e in tree.iter() for k, v in e.items() if k.startswith(R) and v}
        )
        yield from (f"{part} names a relationship {name} that it has not" for name in sorted(used - set(ids)))
    for name in book.parts:
        if name != TYPES and not name.endswith(".rels") and name not in reached:
            yield f"no arrow leads to {name}"
        folder, base = posixpath.split(name)
        if name.endswith(".rels") and name != "_rels/.rels":
            source = posixpath.join(posixpath.dirname(folder), base.removesuffix(".rels"))
            if source not in book.parts:
                yield f"relationships of a part that is missing: {source}"


def lint_workbook(book: Book) -> Faults:
    """Yield what is wrong with the list of sheets, the view and the names."""
    names = [tab.name for tab in book.tabs]
    yield from (f"two sheets named {n}" for n, c in Counter(map(str.casefold, names)).items() if c > 1)
    yield from (f"two sheets numbered {n}" for n, c in Counter(t.number for t in book.tabs).items() if c > 1)
    for tab in book.tabs:
        if not 1 <= len(tab.name.encode("utf-16-le")) // 2 <= 31 or re.search(r"[\\/*?:\[\]]", tab.name):
            yield f"Excel allows no sheet named {tab.name}"
        if tab.name.startswith("'") or tab.name.endswith("'") or tab.name.casefold() in RESERVED:
            yield f"Excel allows no sheet named {tab.name}"
        if not tab.number.isdecimal() or not 1 <= int(tab.number) <= 65_534:
            yield f"the sheet {tab.name} has the number {tab.number}"
    yield from _lint_view(book)
    yield from _lint_names(book)


def _lint_view(book: Book) -> Faults:
    if all(tab.state in ("hidden", "veryHidden") for tab in book.tabs):
        yield "every sheet is hidden"
    view = book.workbook.find(f"{M}bookViews/{M}workbookView")
    active = int(view.get("activeTab", "0")) if view is not None else 0
    first = int(view.get("firstSheet", "0")) if view is not None else 0
    for place, what in ((active, "in front"), (first, "first in sight")):
        if place >= len(book.tabs) or book.tabs[place].state in ("hidden", "veryHidden"):
            yield f"the sheet {what} ({place}) is hidden or missing"
    selected = [
        index
        for index, tab in enumerate(book.tabs)
        if (tree := book.trees.get(tab.part)) is not None
        and any(e.get("tabSelected") in ("1", "true") for e in tree.iter(f"{M}sheetView"))
    ]
    if len(selected) > 1:
        yield f"{len(selected)} sheets are selected, so that they open as a group"
    if selected and active not in selected:
        yield "the selected sheet is not the one in front"


def _lint_names(book: Book) -> Faults:
    sheets = {tab.name.casefold() for tab in book.tabs}
    found = list(book.workbook.iterfind(f"{M}definedNames/{M}definedName"))
    keys = Counter((e.get("name", "").casefold(), e.get("localSheetId", "")) for e in found)
    yield from (f"two defined names {name}" for (name, _), n in keys.items() if n > 1)
    for e in found:
        name, text, where = e.get("name", ""), e.text or "", e.get("localSheetId")
        if not NAME.fullmatch(name) or LIKE_A_CELL.fullmatch(name) or len(name) > 255:
            yield f"Excel allows no name {name}"
        if where is not None and int(where) >= len(book.tabs):
            yield f"the name {name} belongs to a sheet that is not there"
        if not text.strip() or len(text) > 8192 or text.startswith("="):
            yield f"the name {name} stands for {text[:40]!r}"
        if "#REF!" in text:
            yield f"the name {name} stands for cells that are gone"
        pointed = [(a or b).replace("''", "'") for a, b in POINTED.findall(_QUOTED.sub("", text))]
        yield from (f"the name {name} points at no sheet {p}" for p in pointed if p.casefold() not in sheets)
        if where is not None and name.startswith("_xlnm.") and int(where) < len(book.tabs):
            own = book.tabs[int(where)].name.casefold()
            yield from (f"{name} of a sheet points at {p}" for p in pointed if p.casefold() != own)
        if name == "_xlnm.Print_Area":
            areas = [part.rpartition("!")[2] for part in re.split(r",(?=['\w])", text)]
            yield from (f"the print area {a} is no block" for a in areas if read_block(a) is None)
