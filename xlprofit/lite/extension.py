"""The parts in which a workbook holds xlwings Lite and its code: a web extension and its task pane ([MS-OWEXML]).

What xlwings Lite keeps there is described nowhere by its makers; it was read from workbooks that it saved: each file
of the code is a property by the file's name, its text as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

STORE_ID = "WA200008175"
"""The number of xlwings Lite in Microsoft's store of add-ins."""

PANES = "xl/webextensions/taskpanes.xml"
EXTENSION = "xl/webextensions/webextension{}.xml"
PANES_ARROW = "http://schemas.microsoft.com/office/2011/relationships/webextensiontaskpanes"
EXTENSION_ARROW = "http://schemas.microsoft.com/office/2011/relationships/webextension"
TYPES: Mapping[str, str] = MappingProxyType(
    {
        "panes": "application/vnd.ms-office.webextensiontaskpanes+xml",
        "extension": "application/vnd.ms-office.webextension+xml",
    }
)
"""The content types of the two parts."""

MAIN, REQUIREMENTS = "main.py", "requirements.txt"
SETTINGS = "xlwingsSettingsWorkbook"

_SPACE = "http://schemas.microsoft.com/office/webextensions/webextension/2010/11"
_PANES_SPACE = "http://schemas.microsoft.com/office/webextensions/taskpanes/2010/11"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_FUNCTIONS = "{D87F86FE-615C-45B5-9D79-34F1136793EB}"
_FUNCTION_LIST = "{7C84B067-C214-45C3-A712-C9D94CD141B2}"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def build_lite_extension(number: str, properties: Mapping[str, str]) -> bytes:
    """Return the part of the extension.

    Args:
        number: what tells this extension from others in the workbook, as ``{GUID}``.
        properties: what it keeps, by name, each value as JSON.
    """
    kept = "".join(
        f"<we:property name={quoteattr(name)} value={_quote_value(value)}/>"
        for name, value in properties.items()
    )
    return (
        f'{_HEAD}<we:webextension xmlns:we="{_SPACE}" id={quoteattr(number)}>'
        f'<we:reference id="{STORE_ID.lower()}" version="1.0.0.0" store="en-US" storeType="OMEX"/>'
        f'<we:alternateReferences><we:reference id="{STORE_ID}" version="1.0.0.0" store="{STORE_ID}" '
        f'storeType="OMEX"/></we:alternateReferences><we:properties>{kept}</we:properties><we:bindings/>'
        f'<we:snapshot xmlns:r="{_RELATIONS}"/><we:extLst>'
        f'<a:ext xmlns:a="{_DRAWING}" uri="{_FUNCTIONS}"><we:containsCustomFunctions/></a:ext>'
        f'<a:ext xmlns:a="{_DRAWING}" uri="{_FUNCTION_LIST}"><we:customFunctionIdList/></a:ext>'
        "</we:extLst></we:webextension>"
    ).encode()


def _quote_value(text: str) -> str:
    """Return an attribute's value whose tabs and line ends stay what they are: XML would make blanks of them."""
    escaped = escape(text, {'"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"})
    return f'"{escaped}"'


def build_pane(relation: str, row: int) -> str:
    """Return the task pane that shows the extension, in sight when the workbook is opened."""
    return (
        f'<wetp:taskpane xmlns:wetp="{_PANES_SPACE}" dockstate="right" visibility="1" width="438" row="{row}">'
        f'<wetp:webextensionref xmlns:r="{_RELATIONS}" r:id={quoteattr(relation)}/></wetp:taskpane>'
    )


def build_panes(pane: str) -> bytes:
    """Return the part that lists the task panes of a workbook that had none."""
    return f'{_HEAD}<wetp:taskpanes xmlns:wetp="{_PANES_SPACE}">{pane}</wetp:taskpanes>'.encode()


def count_panes(panes: bytes) -> int:
    """Return how many task panes a part lists."""
    return len(list(ElementTree.fromstring(panes).iter(f"{{{_PANES_SPACE}}}taskpane")))


def read_properties(extension: bytes) -> dict[str, str] | None:
    """Return the properties of an extension that is xlwings Lite, by name, each as JSON; ``None`` of any other."""
    root = ElementTree.fromstring(extension)
    referred = {e.get("id", "").upper() for e in root.iter(f"{{{_SPACE}}}reference")}
    if STORE_ID not in referred:
        return None
    return {e.get("name", ""): e.get("value", "") for e in root.iter(f"{{{_SPACE}}}property")}


def read_property_text(value: str) -> str:
    """Return the text of a property; one that is no JSON text stands as it is."""
    try:
        found = json.loads(value)
    except ValueError:
        return value
    return found if isinstance(found, str) else value
