"""What a workbook would lose if openpyxl loaded and saved it, found in its package beforehand.

The parts of the package are walked along their relations; what openpyxl 3.1.5 was seen to write back
is known by name, and everything else counts as lost, so that nothing new in Excel slips through.
Left out is what Excel makes again by itself or what only its looks know of: the calculation chain,
printer drivers' settings, the thumbnail, the green triangles switched off, the list of authors.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from xml.etree import ElementTree
from zipfile import ZipFile

from xlprofit.workbook.carry import keeps_metadata
from xlprofit.workbook.package import (
    Relation,
    SheetPart,
    ending,
    local,
    main_part,
    opened,
    parsed,
    part,
    pieces,
    relations,
    sheets,
    tree,
)

_KEPT_BY_PACKAGE = {
    "officeDocument",
    "core-properties",
    "extended-properties",
    "custom-properties",
    "thumbnail",
}
_KEPT_BY_WORKBOOK = {
    "worksheet",
    "chartsheet",
    "theme",
    "styles",
    "sharedStrings",
    "calcChain",
    "externalLink",
    "person",
    "sheetMetadata",  # its cells say whether it matters
    "volatileDependencies",
    "pivotCacheDefinition",  # counted with its pivot table
    "slicerCache",  # counted with its slicer
    "timelineCache",
}
_KEPT_BY_SHEET = {"table", "hyperlink", "comments", "printerSettings", "drawing", "vmlDrawing"}

_PHRASES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # by kind of relation
        "pivotTable": ("pivot table", "pivot tables"),
        "slicer": ("slicer", "slicers"),
        "timeline": ("timeline", "timelines"),
        "threadedComment": ("threaded comment", "threaded comments"),
        "image": ("background picture", "background pictures"),
        "ctrlProp": ("form control", "form controls"),
        "control": ("ActiveX control", "ActiveX controls"),
        "oleObject": ("embedded object", "embedded objects"),
        "package": ("embedded document", "embedded documents"),
        "queryTable": ("query", "queries"),
        "customProperty": ("custom sheet property", "custom sheet properties"),
        "tableSingleCells": ("XML map", "XML maps"),
        "namedSheetView": ("sheet view", "sheet views"),
        "customXml": ("custom XML part", "custom XML parts"),
        "connections": ("list of data connections", "lists of data connections"),
        "powerPivotData": ("data model", "data models"),
        "vbaProject": ("macro project", "macro projects"),
        "xmlMaps": ("XML map list", "XML map lists"),
        "dialogsheet": ("dialog sheet", "dialog sheets"),
        "xlMacrosheet": ("Excel 4 macro sheet", "Excel 4 macro sheets"),
        "xlIntlMacrosheet": ("Excel 4 macro sheet", "Excel 4 macro sheets"),
        "revisionHeaders": ("change history", "change histories"),
        "usernames": ("list of shared users", "lists of shared users"),
        "FeaturePropertyBag": ("set of cell check boxes", "sets of cell check boxes"),
        "webextensiontaskpanes": ("Office add-in pane", "Office add-in panes"),
        "extensibility": ("ribbon change", "ribbon changes"),
        "origin": ("digital signature", "digital signatures"),
        "classificationlabels": ("sensitivity label", "sensitivity labels"),
        # by element of a sheet
        "legacyDrawingHF": ("picture in the header or footer", "pictures in the header or footer"),
        "customSheetViews": ("set of custom views", "sets of custom views"),
        "protectedRanges": ("set of protected ranges", "sets of protected ranges"),
        "dataConsolidate": ("consolidation", "consolidations"),
        "webPublishItems": ("web publication", "web publications"),
        # by extension of a sheet
        "{78C0D931-6437-407D-A8EE-F0AAD7539E65}": (
            "extended conditional format",
            "extended conditional formats",
        ),
        "{CCE6A557-97BC-4B89-ADB6-D9C93CAAB3DF}": ("extended drop-down list", "extended drop-down lists"),
        "{05C60535-1F16-4FD2-B633-F4F36F0B64E0}": ("sparkline group", "sparkline groups"),
        "{FC87AEE6-9EDD-4A0A-B7FB-166176984837}": ("extended protected range", "extended protected ranges"),
        # by object of a drawing
        "chart": ("chart", "charts"),
        "chartex": ("chart of a newer kind", "charts of newer kinds"),
        "pic": ("picture", "pictures"),
        "sp": ("shape or text box", "shapes or text boxes"),
        "cxnSp": ("connector", "connectors"),
        "grpSp": ("group of shapes", "groups of shapes"),
        "contentPart": ("ink drawing", "ink drawings"),
        # by cell
        "cm": ("dynamic array formula", "dynamic array formulas"),
        "vm": ("picture or data type in a cell", "pictures or data types in cells"),
    }
)
_PASSED_EXTENSIONS = {
    "{A8765BA9-456A-4DAB-B4F3-ACF838C121DE}",  # slicers and timelines are counted by their parts
    "{3A4CF648-6AED-40F4-86FF-DC5316D8AED3}",
    "{7E03D99C-DC04-49D9-9315-930204A7B6E9}",
    "{01252117-D84E-4E92-8308-4BE1C098FCBB}",  # green triangles switched off
}
_BEHIND_CELLS = {
    "legacyDrawingHF",
    "customSheetViews",
    "protectedRanges",
    "dataConsolidate",
    "webPublishItems",
}
_ON_ANCHOR = {"pic", "sp", "cxnSp", "grpSp", "contentPart"}
_RIBBON_KEPT = "http://schemas.microsoft.com/office/2006/relationships/ui/extensibility"
_METADATA = re.compile(rb'<(?:\w+:)?c\s[^>]*?\s([cv]m)="[1-9]')
_CONTROL = re.compile(rb"""ObjectType=["'](?!Note|Pict)\w+["']""")
_ROOT = re.compile(rb"<(?:\w+:)?worksheet\b[^>]*>")
_CELLS_END = re.compile(rb"</(?:\w+:)?sheetData>|<(?:\w+:)?sheetData\s*/>")


def losses(path: Path, own: Collection[str] = ()) -> tuple[str, ...]:
    """Return what openpyxl would drop from a workbook, a phrase each, in the order of its sheets.

    ``own`` names the sheets that are drawn afresh: what stands on them is no loss.

    >>> losses(Path("book.xlsx"), own=("Dashboard",))  # doctest: +SKIP
    ('2 charts on sheet "Board"', '1 pivot table on sheet "Board"', '3 custom XML parts')

    :raises FileError: the workbook cannot be opened.
    """
    with opened(path) as book:
        found: list[str] = []
        for sheet in sheets(book):
            if sheet.name not in own:
                counted = Counter(_on_sheet(book, sheet))
                found += [f'{_phrase(kind, n)} on sheet "{sheet.name}"' for kind, n in counted.items()]
        counted = Counter(_in_workbook(book, macros=ending(path) == ".xlsm"))
        return (*found, *(_phrase(kind, n) for kind, n in counted.items()))


def _phrase(kind: str, count: int) -> str:
    if kind in _PHRASES:
        one, several = _PHRASES[kind]
        return f"{count:,} {one if count == 1 else several}"
    return f"{kind} ({count:,} times)" if count > 1 else kind


# --- the package and the workbook -------------------------------------------------------------------


def _in_workbook(book: ZipFile, macros: bool) -> Iterator[str]:
    kept = _KEPT_BY_WORKBOOK | ({"vbaProject"} if macros else set())
    for arrow in relations(book, main_part(book)).values():
        if arrow.kind not in kept and not _rich(arrow):
            yield _named(arrow)
    for arrow in relations(book, "").values():
        if arrow.kind not in _KEPT_BY_PACKAGE and not (macros and arrow.type == _RIBBON_KEPT):
            yield _named(arrow)


def _rich(arrow: Relation) -> bool:
    """Whether a part belongs to the data types and pictures in cells, which are counted by cell."""
    return arrow.kind.startswith(("rdRichValue", "rdSupporting", "rdArray", "richValue", "richStyles"))


def _named(arrow: Relation) -> str:
    return arrow.kind if arrow.kind in _PHRASES else f"the part {arrow.target}"


# --- a sheet ---------------------------------------------------------------------------------------


def _on_sheet(book: ZipFile, sheet: SheetPart) -> Iterator[str]:
    if sheet.kind == "worksheet":
        yield from _in_part(book, sheet)
    arrows = relations(book, sheet.part).values()
    controls = any(arrow.kind in {"ctrlProp", "control"} for arrow in arrows)
    for arrow in arrows:
        if arrow.kind == "drawing":
            yield from _in_drawing(book, arrow.target)
        elif arrow.kind == "vmlDrawing":
            yield from () if controls else ["ctrlProp"] * len(_CONTROL.findall(part(book, arrow.target)))
        elif arrow.kind == "table":
            yield from (_named(inner) for inner in relations(book, arrow.target).values())
        elif arrow.kind == "threadedComment":
            yield from [arrow.kind] * len(tree(book, arrow.target))
        elif arrow.kind not in _KEPT_BY_SHEET:
            yield _named(arrow)


def _in_part(book: ZipFile, sheet: SheetPart) -> Iterator[str]:
    """Give what the sheet's own part holds: marks on its cells, and elements behind them."""
    root = behind = b""
    ended = False
    for piece in pieces(book, sheet.part):
        if b'm="' in piece and not keeps_metadata(book):
            yield from (mark.decode() for mark in _METADATA.findall(piece))
        if not root and (start := _ROOT.search(piece)):
            root = start[0]
        if ended:
            behind += piece
        elif end := _CELLS_END.search(piece):
            ended, behind = True, piece[end.end() :]
    if root and ended:
        yield from _behind_cells(parsed(book, sheet.part, root + behind))


def _behind_cells(sheet: ElementTree.Element) -> Iterator[str]:
    for element in sheet:
        name = local(element)
        if name in _BEHIND_CELLS:
            yield name
        elif name == "extLst":
            for extension in element:
                uri = extension.get("uri", "").upper()
                kind = uri if uri in _PHRASES else f"the extension {uri}"
                if uri not in _PASSED_EXTENSIONS:
                    yield from [kind] * max(sum(len(container) for container in extension), 1)


def _in_drawing(book: ZipFile, name: str) -> Iterator[str]:
    for anchor in tree(book, name):
        for drawn in anchor:
            kind = local(drawn)
            if kind in _ON_ANCHOR:
                yield kind
            elif kind == "graphicFrame":
                yield "chart"
            elif kind == "AlternateContent":
                yield from _alternative(drawn)


def _alternative(drawn: ElementTree.Element) -> Iterator[str]:
    """Give what a drawing has for newer Excels; slicers and form controls are counted elsewhere."""
    uris = [e.get("uri", "") for e in drawn.iter() if local(e) == "graphicData"]
    if any(uri.endswith("/chartex") for uri in uris):
        yield "chartex"
    elif not uris and all(e.get("Requires") != "a14" for e in drawn):
        inner = (local(e) for choice in drawn for e in choice)
        yield from [kind for kind in inner if kind in _ON_ANCHOR][:1]
