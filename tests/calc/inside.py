"""What the tests have LibreOffice do; run by the system's Python, which has LibreOffice's bridge.

python3 inside.py PIPE < orders.json > answers.json
"""

from __future__ import annotations

import json
import math
import os
import sys
import time
from pathlib import Path
from typing import Any

import uno  # type: ignore[import-not-found]  # LibreOffice's own
from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found]  # the same
from com.sun.star.sheet.DataPilotFieldOrientation import (  # type: ignore[import-not-found]  # the same
    DATA,
    ROW,
)

TOOLBAR = "private:resource/toolbar/addon_org.xlprofit.toolbar"
ALERT, PUSH_BUTTON, TEXT = 1, 44, 86
"""What the accessibility interface calls a message box, its button and its text."""

documents: list[Any] = []


def connect(pipe: str) -> Any:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(300):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:
            time.sleep(0.2)
    raise SystemExit("LibreOffice did not answer")


CONTEXT = connect(sys.argv[1])
DESKTOP = CONTEXT.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", CONTEXT)


def options(**given: object) -> tuple[Any, ...]:
    made = []
    for name, value in given.items():
        option = PropertyValue()
        option.Name, option.Value = name, value
        made.append(option)
    return tuple(made)


def document() -> Any:
    return documents[-1] if documents else DESKTOP.CurrentComponent


def cells(sheet: str, address: str) -> Any:
    sheets = document().Sheets
    return (sheets.getByName(sheet) if sheet else sheets.getByIndex(0)).getCellRangeByName(address)


def opened(path: str) -> list[str]:
    url = "private:factory/scalc" if not path else uno.systemPathToFileUrl(path)
    documents.append(DESKTOP.loadComponentFromURL(url, "_blank", 0, options(Hidden=True)))
    return list(document().Sheets.ElementNames)


def visited(path: str, read_only: bool = False) -> list[str]:
    """Open a file, or a new document, in the one window there is; return the names of its sheets."""
    for component in components():
        component.setModified(False)
    url = "private:factory/scalc" if not path else uno.systemPathToFileUrl(path)
    DESKTOP.CurrentFrame.loadComponentFromURL(url, "_self", 0, options(ReadOnly=read_only))
    return list(document().Sheets.ElementNames)


def components() -> Any:
    """Yield the open documents; the start centre is none."""
    found = DESKTOP.Components.createEnumeration()
    while found.hasMoreElements():
        component = found.nextElement()
        if hasattr(component, "setModified"):
            yield component


def changed() -> bool:
    return bool(document().isModified())


def names() -> list[str]:
    component = document()
    return list(component.Sheets.ElementNames) if hasattr(component, "Sheets") else []


def typed(sheet: str, address: str, formula: str) -> object:
    """Type a formula into a cell, or as one array into several; return what the cells show."""
    area = cells(sheet, address)
    if ":" in address:
        area.setArrayFormula(formula)
    else:
        area.setFormula(formula)
    return shown(sheet, address)


def shown(sheet: str, address: str) -> object:
    area = cells(sheet, address)
    count = area.RangeAddress
    rows = [
        [one(area.getCellByPosition(c, r)) for c in range(count.EndColumn - count.StartColumn + 1)]
        for r in range(count.EndRow - count.StartRow + 1)
    ]
    return rows if ":" in address else rows[0][0]


def one(cell: Any) -> object:
    if cell.getError():
        return cell.String
    value = cell.getDataArray()[0][0]
    return None if isinstance(value, float) and math.isnan(value) else value


def chosen(sheet: str, address: str, texts: list[str], block: str) -> list[list[list[object]]]:
    """Write texts into a cell, one after the other; return what a block shows with each of them."""
    found = []
    for text in texts:
        cells(sheet, address).setString(text)
        found.append([list(row) for row in cells(sheet, block).getDataArray()])
    return found


def formula(sheet: str, address: str) -> str:
    return str(cells(sheet, address).getFormula())


def filled(sheet: str, address: str, rows: list[list[object]]) -> None:
    cells(sheet, address).setDataArray(tuple(map(tuple, rows)))


def formulas(sheet: str, address: str, rows: list[list[str]]) -> None:
    cells(sheet, address).setFormulaArray(tuple(map(tuple, rows)))


def replaced(sheet: str, old: str, new: str) -> int:
    """Replace a text in all cells of a sheet; return how often."""
    order = document().Sheets.getByName(sheet).createReplaceDescriptor()
    order.SearchString, order.ReplaceString = old, new
    return int(document().Sheets.getByName(sheet).replaceAll(order))


def cleared(sheet: str) -> None:
    cells(sheet, "D1:Z20").clearContents(1023)


def turned() -> None:
    """Give the formulas of the document the names that Calc knows, by the code of the menu entry."""
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from xlprofit.calc.extension.retyping import retype_excel_formulas

    retype_excel_formulas(document())


def slept(seconds: float) -> None:
    time.sleep(seconds)


def stored(path: str, kind: str) -> None:
    document().storeToURL(uno.systemPathToFileUrl(path), options(FilterName=kind))


def saved_as(path: str, kind: str) -> None:
    """Save the document under another name, as the menu does."""
    document().storeAsURL(uno.systemPathToFileUrl(path), options(FilterName=kind))


def recalculated(place: int = -1) -> float:
    """Calculate an open document anew, the last one unless told otherwise; return the seconds that it took."""
    start = time.perf_counter()
    documents[place].calculateAll()
    return time.perf_counter() - start


def pivoted(sheet: str, source: str, target: str, row: str, data: str) -> None:
    """Make a pivot table of two columns: a row for each of what one holds, with the sum of the other."""
    tables = document().Sheets.getByName(sheet).DataPilotTables
    table = tables.createDataPilotDescriptor()
    table.setSourceRange(cells(sheet, source).RangeAddress)
    fields = table.DataPilotFields
    fields.getByName(row).Orientation = ROW
    fields.getByName(data).Orientation = DATA
    tables.insertNewByName("pivot", cells(sheet, target).getCellByPosition(0, 0).CellAddress, table)


def triggered(name: str) -> None:
    CONTEXT.ServiceManager.createInstanceWithContext("org.xlprofit.Commands", CONTEXT).trigger(name)


def wizard() -> dict[str, Any]:
    """Return what the function wizard shows of our formulas: text, and each argument's name and help."""
    shown = {}
    for function in CONTEXT.ServiceManager.createInstanceWithContext(
        "com.sun.star.sheet.FunctionDescriptions", CONTEXT
    ):
        found = {p.Name: p.Value for p in function}
        arguments = [[a.Name, a.Description] for a in found["Arguments"] or ()]
        shown[found["Name"]] = [found["Description"], arguments]
    return shown


def toolbar_button(name: str) -> list[int]:
    """Return the middle of a button of our toolbar on the screen; empty where it is not there yet."""
    controller = getattr(DESKTOP.CurrentComponent, "CurrentController", None)
    element = controller and controller.Frame.LayoutManager.getElement(TOOLBAR)
    if not element:
        return []
    bar = element.getRealInterface().getAccessibleContext()
    found = (bar.getAccessibleChild(at).getAccessibleContext() for at in range(bar.getAccessibleChildCount()))
    return next((middle(button) for button in found if button.getAccessibleName() == name), [])


def message_box() -> list[Any]:
    """Return the text of the message box that is open and the middle of its button; empty where there is none."""
    toolkit = CONTEXT.ServiceManager.createInstanceWithContext("com.sun.star.awt.Toolkit", CONTEXT)
    for number in range(toolkit.getTopWindowCount()):
        context = toolkit.getTopWindow(number).getAccessibleContext()
        if context.getAccessibleRole() == ALERT:
            parts = list(walked(context))
            text = "".join(part.getAccessibleName() for part in parts if part.getAccessibleRole() == TEXT)
            return [text, middle(next(p for p in parts if p.getAccessibleRole() == PUSH_BUTTON))]
    return []


def walked(context: Any) -> Any:
    yield context
    for place in range(context.getAccessibleChildCount()):
        yield from walked(context.getAccessibleChild(place).getAccessibleContext())


def middle(context: Any) -> list[int]:
    place, size = context.getLocationOnScreen(), context.getSize()
    return [place.X + size.Width // 2, place.Y + size.Height // 2]


def selected(sheet: str, address: str) -> None:
    """Select a cell, which brings it into sight."""
    document().CurrentController.select(cells(sheet, address))


def active() -> str:
    """Return the name of the sheet that is shown."""
    return str(document().CurrentController.ActiveSheet.Name)


def selection() -> list[str]:
    """Return the sheet and the address of the selected cell."""
    chosen = document().CurrentSelection
    return [chosen.Spreadsheet.Name, chosen.AbsoluteName.rpartition(".")[2]]


def charted(sheet: str) -> list[list[str]]:
    found = []
    charts = document().Sheets.getByName(sheet).Charts
    for name in charts.ElementNames:
        for system in charts.getByName(name).EmbeddedObject.FirstDiagram.CoordinateSystems:
            for kind in system.ChartTypes:
                for series in kind.DataSeries:
                    found += [
                        [s.Values.SourceRangeRepresentation, len(s.Values.Data)] for s in series.DataSequences
                    ]
    return found


def end() -> None:
    """End LibreOffice; documents are closed first, for it may find them changed meanwhile, and ask."""
    for component in list(components()):
        component.close(True)
    try:
        DESKTOP.terminate()
    except Exception:  # the bridge goes down with the office
        return


if __name__ == "__main__":
    answers = [globals()[order](*given) for order, *given in json.load(sys.stdin)]
    for left in documents:
        try:
            left.close(True)
        except Exception:
            pass
    print(json.dumps(answers), flush=True)
    os._exit(0)  # the bridge may crash while Python ends, when all is said
