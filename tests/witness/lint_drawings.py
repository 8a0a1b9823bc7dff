"""What makes Excel drop a drawing, a chart or a note."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from tests.witness.book import XDR, Book, C, Element, M, local, read_block
from tests.witness.lint_sheet import Page

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
V, X = "{urn:schemas-microsoft-com:vml}", "{urn:schemas-microsoft-com:office:excel}"
AXES = ("catAx", "valAx", "dateAx", "serAx")
_PART = re.compile(r"(?:'((?:[^']|'')+)'|([^\W\d][\w.]*))!(\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)")


def lint_drawings(book: Book) -> Iterator[str]:
    """Yield what is wrong with the drawings and charts that are led to."""
    seen: set[str] = set()
    for part in book.parts:
        for arrow in book.arrows(part).values():
            if arrow.target in seen or arrow.target not in book.trees:
                continue
            if arrow.kind == "drawing":
                seen.add(arrow.target)
                yield from (f"{arrow.target}: {f}" for f in _lint_drawing(book.trees[arrow.target]))
            elif arrow.kind == "chart":
                seen.add(arrow.target)
                yield from (f"{arrow.target}: {f}" for f in _lint_chart(book.trees[arrow.target], book))


def _lint_drawing(root: Element) -> Iterator[str]:
    ids = Counter(e.get("id") for e in root.iter(f"{XDR}cNvPr"))
    yield from (f"two shapes numbered {number}" for number, n in ids.items() if n > 1)
    for corner in root.iter(f"{XDR}from", f"{XDR}to"):
        places = [corner.findtext(f"{XDR}{name}", "0") for name in ("row", "col", "rowOff", "colOff")]
        if not all(re.fullmatch(r"-?\d+", place) for place in places) or min(map(int, places[:2])) < 0:
            yield f"a corner at {places}"


def _lint_chart(root: Element, book: Book) -> Iterator[str]:
    plots = [e for e in root.iter() if isinstance(e.tag, str) and local(e).endswith("Chart") and len(e)]
    if not plots:
        yield "a chart without a plot"
    axes = [e for e in root.iter() if isinstance(e.tag, str) and local(e) in AXES]
    own = [_read_value(axis.find(f"{C}axId")) for axis in axes]
    yield from (f"two axes {number}" for number, n in Counter(own).items() if n > 1)
    used = {_read_value(e) for plot in plots for e in plot.iterfind(f"{C}axId")}
    if used != set(own):
        yield f"axes {sorted(own)} and plots on {sorted(used)}"
    crossed = [_read_value(axis.find(f"{C}crossAx")) for axis in axes]
    yield from (f"an axis crosses {number}, which is not there" for number in crossed if number not in own)
    for name in ("idx", "order"):
        said = Counter(_read_value(e.find(f"{C}{name}")) for e in root.iter(f"{C}ser"))
        yield from (f"two series of the {name} {number}" for number, n in said.items() if n > 1)
    if any(letters.find(f".//{A}r") is not None for letters in root.iter(f"{C}txPr")):
        yield "a run of text in the letters of an axis or legend"
    yield from _lint_caches(root)
    yield from _lint_sources(root, book)


def _lint_caches(root: Element) -> Iterator[str]:
    for cache in root.iter(f"{C}numCache", f"{C}strCache"):
        count = int(_read_value(cache.find(f"{C}ptCount")) or 0)
        places = [int(e.get("idx", "0")) for e in cache.iterfind(f"{C}pt")]
        if len(set(places)) != len(places) or places != sorted(places) or max(places, default=-1) >= count:
            yield f"points {places[:5]} of {count}"
        if local(cache) == "numCache":
            for point in cache.iterfind(f"{C}pt/{C}v"):
                if not re.fullmatch(r"-?\d+(\.\d+)?(E[+-]?\d+)?|#N/A", point.text or "", re.IGNORECASE):
                    yield f"the point {point.text}"


def _lint_sources(root: Element, book: Book) -> Iterator[str]:
    sheets = {tab.name.casefold() for tab in book.tabs}
    for formula in root.iter(f"{C}f"):
        for part in re.split(r",(?=(?:[^']*'[^']*')*[^']*$)", (formula.text or "").strip("()")):
            found = _PART.fullmatch(part)
            if found is None:
                yield f"a series of {formula.text}"
            elif (found[1] or found[2]).replace("''", "'").casefold() not in sheets:
                yield f"a series of a sheet that is not there: {formula.text}"


def _read_value(element: Element | None) -> str:
    return "" if element is None else element.get("val", "")


def lint_notes(page: Page) -> Iterator[str]:
    """Yield what is wrong with a sheet's notes and their shapes."""
    arrows = page.book.arrows(page.part).values()
    notes = next((page.book.trees.get(a.target) for a in arrows if a.kind == "comments"), None)
    if notes is None:
        return
    authors = len(list(notes.iterfind(f"{M}authors/{M}author")))
    places = Counter(e.get("ref", "") for e in notes.iter(f"{M}comment"))
    yield from (f"{n} notes on {ref}" for ref, n in places.items() if n > 1 or read_block(ref) is None)
    for note in notes.iter(f"{M}comment"):
        if int(note.get("authorId", "0")) >= authors:
            yield f"a note on {note.get('ref')} by nobody"
        if len("".join(t.text or "" for t in note.iter(f"{M}t"))) > 32_767:
            yield f"a note on {note.get('ref')} of too many letters"
    drawn = page.root.find(f"{M}legacyDrawing")
    shapes = next((page.book.trees.get(a.target) for a in arrows if a.kind == "vmlDrawing"), None)
    if drawn is None or shapes is None:
        yield "notes without shapes"
        return
    shown = Counter(
        (int(data.findtext(f"{X}Row", "-1")) + 1, int(data.findtext(f"{X}Column", "-1")) + 1)
        for data in shapes.iter(f"{X}ClientData")
        if data.get("ObjectType") == "Note"
    )
    wanted = Counter((block.top, block.left) for ref in places if (block := read_block(ref)))
    if shown != wanted:
        yield f"notes and their shapes stand on other cells: {sorted((shown - wanted) + (wanted - shown))[:4]}"
    ids = Counter(e.get("id") for e in shapes.iter(f"{V}shape"))
    yield from (f"two shapes of notes numbered {name}" for name, n in ids.items() if n > 1)
