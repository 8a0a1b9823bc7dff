"""The *Customer profit* tab of Excel's ribbon, as customUI markup.

The markup is that of MS-CUSTOMUI (2006/01), which every Excel with a ribbon reads, on Windows and on
a Mac. A button calls a ``Sub`` of the module ``RibbonXlprofit``.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree import ElementTree as ET

from xlprofit.excel import CATEGORY
from xlprofit.sheets import names

NAMESPACE = "http://schemas.microsoft.com/office/2006/01/customui"
RELATIONSHIP = "http://schemas.microsoft.com/office/2006/relationships/ui/extensibility"
"""The relationship of the package that goes with :data:`NAMESPACE`."""

PART = "customUI/customUI.xml"
MODULE = "RibbonXlprofit"


@dataclass(frozen=True)
class Button:
    """A button: its name (also the callback's), what it says, and what the pointer shows over it."""

    name: str
    label: str
    image: str
    keytip: str
    screentip: str
    supertip: str


REFRESH = Button(
    "Refresh",
    "Refresh",
    "RefreshAll",
    "R",
    "Refresh the results",
    "Reads the input tables of this workbook and brings the result sheets up to date. Only the sheets of "
    "xlprofit are written; the previous results are kept.",
)
CHECK = Button(
    "Check",
    "Check",
    "AcceptInvitation",
    "C",
    "Check the inputs",
    "Says what is wrong or missing in the input tables, cell by cell, and how to fix it. No result is changed.",
)
EXPLAIN = Button(
    "Explain",
    "Explain this cell",
    "FunctionWizard",
    "E",
    "Explain the selected customer or amount",
    "Shows where the selected figure comes from: rate, units and the rows of the input tables.",
)
LOOK_UP = Button(
    "LookUp",
    "Customer",
    "FindDialog",
    "L",
    "Show a customer",
    "Goes to the fact sheet of the customer whose name is selected, or is in the selected row: P&L against its "
    "peers, costliest activities, ageing, forecast and what to do, as of the last refresh.",
)
PUT_BACK = Button(
    "PutBack",
    "Undo refresh",
    "Undo",
    "P",
    "Undo the last refresh",
    "Shows on the result sheets what they showed before the last refresh, as values. Refresh brings the new ones.",
)
NEW = Button(
    "NewFromTemplate",
    "New from template",
    "FileNew",
    "N",
    "New workbook from a template",
    "Makes a workbook with all input tables, ready to be filled.",
)
IMPORT = Button(
    "ImportExport",
    "Import",
    "ImportTextFile",
    "I",
    "Import an export",
    "Asks for a file (a workbook or a CSV file), proposes which of its columns is which, and takes it into this "
    "workbook, which remembers it: next month Refresh reads the new file.",
)
ABOUT = Button(
    "About",
    "About",
    "Info",
    "A",
    "About xlprofit",
    "The versions of xlprofit, xlwings and Python that this tab runs on.",
)

_RESULTS = (REFRESH, CHECK, EXPLAIN, LOOK_UP, PUT_BACK)
_GO_TO = "Go to sheet"
_GO_TO_SUPERTIP = "The result sheets of this workbook. Refresh makes them."


def build_custom_ui() -> str:
    """Return the markup of the whole tab."""
    root, tab = _build_ribbon_tab()
    _add_buttons(_add_group(tab, "xlprofitResults", "Results"), MODULE, _RESULTS)
    workbook = _add_group(tab, "xlprofitWorkbook", "Workbook")
    _add_sheets(workbook)
    _add_buttons(workbook, MODULE, (IMPORT, NEW))
    _add_buttons(_add_group(tab, "xlprofitHelp", "Help"), MODULE, (ABOUT,))
    return _render_ribbon_xml(root)


def build_minimal_custom_ui() -> str:
    """Return the markup for the add-in that xlwings ships, whose one callback runs ``xlprofit.main()``."""
    root, tab = _build_ribbon_tab()
    group = _add_group(tab, "xlprofitResults", "Results")
    _add_button(group, REFRESH, "RibbonMyAddin.RunMain")
    return _render_ribbon_xml(root)


def escape_python_text(text: str) -> str:
    r"""Return a text as it can stand between quotes in Python code that passes through a command line.

    The shells of Windows and of a Mac give ``&``, ``%``, ``$`` and quotes a meaning of their own.

    >>> escape_python_text("Customer P&L")
    'Customer P\\u0026L'
    """
    return "".join(c if c.isascii() and (c.isalnum() or c == " ") else f"\\u{ord(c):04x}" for c in text)


def _build_ribbon_tab() -> tuple[ET.Element, ET.Element]:
    ET.register_namespace("", NAMESPACE)
    root = ET.Element(_qualify_ribbon_name("customUI"))
    tabs = ET.SubElement(ET.SubElement(root, _qualify_ribbon_name("ribbon")), _qualify_ribbon_name("tabs"))
    return root, ET.SubElement(
        tabs, _qualify_ribbon_name("tab"), id="xlprofitTab", label=CATEGORY, keytip="CP"
    )


def _add_group(tab: ET.Element, name: str, label: str) -> ET.Element:
    return ET.SubElement(tab, _qualify_ribbon_name("group"), id=name, label=label)


def _add_buttons(group: ET.Element, module: str, buttons: tuple[Button, ...]) -> None:
    for button in buttons:
        _add_button(group, button, f"{module}.{button.name}")


def _add_button(group: ET.Element, button: Button, callback: str) -> None:
    given = {
        "id": f"xlprofit{button.name}",
        "label": button.label,
        "imageMso": button.image,
        "keytip": button.keytip,
        "screentip": button.screentip,
        "supertip": button.supertip,
        "size": "large",
        "onAction": callback,
    }
    ET.SubElement(group, _qualify_ribbon_name("button"), given)


def _add_sheets(group: ET.Element) -> None:
    menu = ET.SubElement(
        group,
        _qualify_ribbon_name("menu"),
        id="xlprofitGoTo",
        label=_GO_TO,
        imageMso="HyperlinkInsert",
        keytip="G",
        screentip=_GO_TO,
        supertip=_GO_TO_SUPERTIP,
        size="large",
    )
    for number, sheet in enumerate(names.ALL, start=1):
        given = {
            "id": f"xlprofitGoTo{number}",
            "label": sheet.replace("&", "&&"),  # a single one would underline the letter after it
            "tag": escape_python_text(sheet),
            "onAction": f"{MODULE}.GoToSheet",
        }
        ET.SubElement(menu, _qualify_ribbon_name("button"), given)


def _qualify_ribbon_name(local: str) -> str:
    return f"{{{NAMESPACE}}}{local}"


def _render_ribbon_xml(root: ET.Element) -> str:
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"
