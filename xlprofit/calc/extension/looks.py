"""The looks of a sheet that do not come over with it into another document: styles of rules, page, grid, panes."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from typing import Any

import uno  # type: ignore[import-not-found]  # LibreOffice's own
import unohelper  # type: ignore[import-not-found]  # the same
from com.sun.star.beans.PropertyState import DIRECT_VALUE  # type: ignore[import-not-found]  # the same
from com.sun.star.frame import XStatusListener  # type: ignore[import-not-found]  # the same
from com.sun.star.util import URL  # type: ignore[import-not-found]  # the same

PREFIX = "xlprofit "
"""What the names of our cell styles begin with."""

_NAMES_OF_STYLES = ("DisplayName", "Hidden")


def name_rules(source: Any, document: Any) -> None:
    """Make the styles of a document's conditional formats fit to be brought into another document.

    A style of the same name there would be taken for them, and files from Excel number theirs all alike: so each
    is named by its content. There, unlike here, a style also says what the default style does: so it is told
    what the cells under it have of that.
    """
    styles, told = (
        _find_style_family(source, "CellStyles"),
        _read_direct_properties(_find_style_family(document, "CellStyles").getByName("Default")),
    )
    for sheet in _list_document_sheets(source):
        for rule in sheet.ConditionalFormats.getConditionalFormats():
            address = rule.Range.RangeAddresses[0]
            cell = sheet.getCellByPosition(address.StartColumn, address.StartRow)
            under = {name: getattr(cell, name) for name in told if hasattr(cell, name)}
            for place in range(rule.Count):
                entry = rule.getByIndex(place)
                style = getattr(entry, "StyleName", "")
                if style:
                    entry.StyleName = _ensure_cell_style(
                        source, {**under, **_read_direct_properties(styles.getByName(style))}
                    )


def _ensure_cell_style(document: Any, look: Mapping[str, Any]) -> str:
    """Return the name of the cell style with these properties, which is made where there is none yet."""
    styles, formats = _find_style_family(document, "CellStyles"), document.NumberFormats
    said = {n: formats.getByKey(v).FormatString if n == "NumberFormat" else v for n, v in look.items()}
    name = f"{PREFIX}{zlib.crc32(repr(sorted(said.items())).encode()):08x}"
    if not styles.hasByName(name):
        styles.insertByName(name, document.createInstance("com.sun.star.style.CellStyle"))
        _set_style_properties(styles.getByName(name), look)
    return name


def set_pages(source: Any, document: Any, names: Iterable[str]) -> None:
    """Give sheets that were brought over the pages of those they were made from: paper, margins, footers."""
    pages, drawn = _find_style_family(document, "PageStyles"), _find_style_family(source, "PageStyles")
    for sheet in names:
        name = source.Sheets.getByName(sheet).PageStyle
        if not pages.hasByName(name):
            pages.insertByName(name, document.createInstance("com.sun.star.style.PageStyle"))
        _set_style_properties(pages.getByName(name), _read_direct_properties(drawn.getByName(name)))
        document.Sheets.getByName(sheet).PageStyle = name


def copy_sheet_views(source: Any, document: Any, names: Iterable[str]) -> None:
    """Show sheets in a document's window as in another's: the rows and columns that stay, and no grid."""
    drawn, view = source.CurrentController, document.CurrentController
    if drawn is None or view is None:
        return
    before = view.ActiveSheet
    for name in names:
        drawn.setActiveSheet(source.Sheets.getByName(name))
        view.setActiveSheet(document.Sheets.getByName(name))
        if drawn.hasFrozenPanes():
            view.freezeAtPosition(drawn.getSplitColumn(), drawn.getSplitRow())
        _hide_grid(view)
    view.setActiveSheet(before)


def _hide_grid(view: Any) -> None:
    """Hide the grid of the sheet in sight; LibreOffice knows no other way to do so for one sheet."""
    address = URL()
    address.Complete = ".uno:ToggleSheetGrid"
    services = uno.getComponentContext().ServiceManager
    _, address = services.createInstance("com.sun.star.util.URLTransformer").parseStrict(address)
    dispatch = view.Frame.queryDispatch(address, "_self", 0)
    told = _State()
    dispatch.addStatusListener(told, address)
    dispatch.removeStatusListener(told, address)
    if told.state:
        dispatch.dispatch(address, ())


class _State(unohelper.Base, XStatusListener):  # type: ignore[misc]
    """Hears whether a command that is on or off is on."""

    state: object = None

    def statusChanged(self, event: Any) -> None:
        self.state = event.State

    def disposing(self, event: Any) -> None:
        self.state = None


def _find_style_family(document: Any, family: str) -> Any:
    return document.StyleFamilies.getByName(family)


def _list_document_sheets(document: Any) -> Iterable[Any]:
    return map(document.Sheets.getByName, document.Sheets.ElementNames)


def _read_direct_properties(style: Any) -> dict[str, Any]:
    """Return the properties that a style says itself, and does not have from another."""
    names = tuple(p.Name for p in style.PropertySetInfo.Properties if p.Name not in _NAMES_OF_STYLES)
    states = style.getPropertyStates(names)
    return {name: getattr(style, name) for name, state in zip(names, states) if state == DIRECT_VALUE}


def _set_style_properties(style: Any, look: Mapping[str, Any]) -> None:
    for name, value in look.items():
        try:
            setattr(style, name, value)
        except Exception:  # what can only be read, such as the kind of the page
            continue
