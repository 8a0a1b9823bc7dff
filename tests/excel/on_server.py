"""Macros run through xlwings' own engine for scripts (Office.js), in a process of its own.

That engine needs xlwings' key for noncommercial use, which is set here and nowhere else: for tests alone. What comes
back are the actions that a client would do in Excel; :class:`Office` does them on a workbook of plain Python, so
that it can be seen what Excel would show, and asked again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import pandas as pd

from tests.excel.beside import Beside
from tests.excel.grid import Area, Grid, Place
from xlprofit.addresses import format_address, format_block

_OF_A_CELL = {
    "setFontProperty": "font_{0}",
    "setRangeColor": "fill",
    "setNumberFormat": "number_format",
    "setHorizontalAlignment": "horizontal",
    "setVerticalAlignment": "vertical",
    "setWrapText": "wrap",
    "rangeAdjustIndent": "indent",
}
_OF_A_SHEET = {
    "setSheetVisibility": "visibility",
    "setShowGridlines": "gridlines",
    "freezePaneAtRange": "frozen",
    "setPrintArea": "print_area",
}
_OF_A_CHART = {"setChartType", "setChartTitle", "setChartXAxisValues", "setChartAxis", "setChartLegend"}

_DRIVER = """
import asyncio, json, sys
import xlwings as xw
from xlwings.server import custom_scripts_call
from xlprofit.excel import custom_functions, scripts
out = sys.stdout
for line in sys.stdin:
    asked = json.loads(line)
    book = xw.Book(json=asked["book"])
    custom_functions.ONE_WORKBOOK = True
    if "command" in asked:
        xw.Book.caller = staticmethod(lambda: book)
        exec(asked["command"], {})
    else:
        given = {"typehint_to_value": {xw.Book: book}, "args": asked["args"]}
        asyncio.run(custom_scripts_call(scripts, asked["script"], **given))
    known = [lookup.stamp for lookup in custom_functions._remembered]
    print(json.dumps({**book.json(), "known": known}), file=out, flush=True)
"""


class Server(Beside):
    """A process in which scripts are run."""

    def __init__(self, prelude: str = "") -> None:
        """Start it; ``prelude`` is code that runs before anything is imported."""
        super().__init__(prelude + _DRIVER, XLWINGS_ON_SERVER="true", XLWINGS_LICENSE_KEY="noncommercial")
        self.known: list[str] = []  # the stamps of the refreshes that the formulas answer from

    def ask(self, book: dict[str, Any], **what: object) -> list[dict[str, Any]]:
        """Return the actions of a ``script`` with ``args`` on a workbook, or of a ``command`` of RunPython's."""
        told = self.answer({"book": book, **what})
        self.known = told["known"]
        found: list[dict[str, Any]] = told["actions"]
        return found


@dataclass
class Page:
    """A sheet: its cells' values and looks, and what lies over them."""

    name: str
    values: Grid = field(default_factory=Grid)
    looks: dict[Place, dict[str, Any]] = field(default_factory=dict)
    rules: list[tuple[Area, dict[str, Any]]] = field(default_factory=list)
    merged: set[Area] = field(default_factory=set)
    notes: dict[str, str] = field(default_factory=dict)
    charts: list[dict[str, Any]] = field(default_factory=list)
    lists: dict[Place, tuple[str, Area]] = field(default_factory=dict)
    tables: list[dict[str, Any]] = field(default_factory=list)
    widths: dict[int, float] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    frozen: str = ""
    gridlines: bool = True
    visibility: str = "Visible"
    print_area: str | None = None
    cleared: int = 0


class Office:
    """A workbook as Excel holds it, that does what xlwings' client would do."""

    def __init__(self, tables: dict[str, pd.DataFrame], *, objects: Sequence[str] = ()) -> None:
        self.pages = [_page(name, frame, name in objects) for name, frame in tables.items()]
        self.names: list[dict[str, Any]] = []
        self.active = 0
        self.selection = "A1"
        self.alerts: list[str] = []
        self.settings: list[tuple[str, Any]] = []
        self.calls: Counter[str] = Counter()

    def __getitem__(self, name: str) -> Page:
        """Return a sheet by its name."""
        return next(page for page in self.pages if page.name == name)

    @property
    def sheet_names(self) -> list[str]:
        """The names of the sheets, in order."""
        return [page.name for page in self.pages]

    def run(self, server: Server, script: str, *args: object) -> list[dict[str, Any]]:
        """Run a script on this workbook and do what it asks."""
        return self._done(server.ask(self.payload(), script=script, args=args))

    def run_python(self, server: Server, command: str) -> list[dict[str, Any]]:
        """Run the command of a button on this workbook and do what it asks."""
        return self._done(server.ask(self.payload(), command=command))

    def _done(self, actions: list[dict[str, Any]]) -> list[dict[str, Any]]:
        self.calls = Counter(action["func"] for action in actions)
        for action in actions:
            what, given = action["func"], action.get("args", ())
            if what in _OF_A_CELL:
                self._paint(action, self._block(action), _OF_A_CELL[what].format(*given), given[-1])
            elif what in _OF_A_SHEET:
                setattr(self._of(action), _OF_A_SHEET[what], given[0])
            elif what in _OF_A_CHART:
                self._of(action).charts[given[0]].setdefault("said", []).append((what, *given[1:]))
            elif what in ("setCalculation", "setScreenUpdating"):
                self.settings.append((what, given[0]))
            else:
                getattr(self, f"_{what}")(action)
        return actions

    def _paint(self, action: dict[str, Any], block: Area, attribute: str, value: Any) -> None:
        top, left, bottom, right = block
        for place in product(range(top, bottom + 1), range(left, right + 1)):
            self._of(action).looks.setdefault(place, {})[attribute] = value

    def select(self, sheet: str, cell: str) -> None:
        """Select a cell."""
        self.active = self.sheet_names.index(sheet)
        self.selection = cell

    def payload(self) -> dict[str, Any]:
        """Return the workbook as a client sends it."""
        import xlwings

        return {
            "client": "Office.js",
            "version": xlwings.__version__,
            "book": {
                "name": "book.xlsx",
                "active_sheet_index": self.active,
                "selection": self.selection,
                "calculation": "Automatic",
            },
            "names": [dict(name) for name in self.names],
            "sheets": [_sent(page) for page in self.pages],
        }

    # --- what a client does, one method an action --------------------------------------------------

    def _of(self, action: dict[str, Any]) -> Page:
        page: Page = self.pages[action["sheet_position"]]
        return page

    def _block(self, action: dict[str, Any]) -> Area:
        row, column = action["start_row"] + 1, action["start_column"] + 1
        return row, column, row + action["row_count"] - 1, column + action["column_count"] - 1

    def _addSheet(self, action: dict[str, Any]) -> None:  # noqa: N802 - the names are the client's
        self.pages.insert(action["args"][0], Page(action["args"][1]))
        if self.active >= action["args"][0]:
            self.active += 1

    def _setSheetName(self, action: dict[str, Any]) -> None:  # noqa: N802
        page, before = self._of(action), self._of(action).name
        page.name = action["args"][0]
        for name in self.names:
            if name["scope_sheet_name"] == before:
                name["scope_sheet_name"] = page.name

    def _nameDelete(self, action: dict[str, Any]) -> None:  # noqa: N802
        _, refers_to, name, _, _, index = action["args"]
        known = (name, refers_to, self.pages[index].name)
        (gone,) = (n for n in self.names if (n["name"], n["refers_to"], n["scope_sheet_name"]) == known)
        self.names.remove(gone)

    def _activateSheet(self, action: dict[str, Any]) -> None:  # noqa: N802
        self.active = action["args"][0]

    def _rangeSelect(self, action: dict[str, Any]) -> None:  # noqa: N802
        top, left, *_ends = self._block(action)
        self.select(self._of(action).name, format_address(top, left))

    def _sheetClear(self, action: dict[str, Any]) -> None:  # noqa: N802
        page = self._of(action)
        page.values.clear()
        page.looks.clear()  # what is said of conditional formats is not clear: they must be cleared by name
        page.cleared += 1

    def _sheetClearContents(self, action: dict[str, Any]) -> None:  # noqa: N802
        self._of(action).values.clear()

    def _rangeUnmerge(self, action: dict[str, Any]) -> None:  # noqa: N802
        page, (top, left, bottom, right) = self._of(action), self._block(action)
        page.merged = {m for m in page.merged if not (top <= m[0] <= bottom and left <= m[1] <= right)}

    def _rangeMerge(self, action: dict[str, Any]) -> None:  # noqa: N802
        self._of(action).merged.add(self._block(action))

    def _setValues(self, action: dict[str, Any]) -> None:  # noqa: N802
        page, (top, left, bottom, right) = self._of(action), self._block(action)
        rows = action["values"]
        assert {len(row) for row in rows} == {right - left + 1} and len(rows) == bottom - top + 1
        page.values.type_in(rows, top, left)

    def _setDataValidationList(self, action: dict[str, Any]) -> None:  # noqa: N802
        source, shown = action["args"]
        assert (source["type"], shown) == ("range", True)
        top, left = source["start_row"] + 1, source["start_column"] + 1
        block = (top, left, top + source["row_count"] - 1, left + source["column_count"] - 1)
        self._of(action).lists[self._block(action)[:2]] = (self.pages[source["sheet_position"]].name, block)

    def _setBorderProperty(self, action: dict[str, Any]) -> None:  # noqa: N802
        side, attribute, value = action["args"]
        top, left, bottom, right = self._block(action)
        lines: dict[str, list[tuple[str, Area]]] = {
            "edge_top": [("top", (top, left, top, right))],
            "edge_bottom": [("bottom", (bottom, left, bottom, right))],
            "edge_left": [("left", (top, left, bottom, left))],
            "inside_horizontal": [
                ("top", (top + 1, left, bottom, right)),
                ("bottom", (top, left, bottom - 1, right)),
            ],
            "inside_vertical": [("left", (top, left + 1, bottom, right))],
        }
        for line, block in lines.get(side, ()) if attribute == "color" else ():
            self._paint(action, block, line, value)

    def _addConditionalFormat(self, action: dict[str, Any]) -> None:  # noqa: N802
        self._of(action).rules.insert(0, (self._block(action), action["args"][0]))

    def _clearConditionalFormats(self, action: dict[str, Any]) -> None:  # noqa: N802
        assert self._block(action) == (1, 1, 1_048_576, 16_384)
        self._of(action).rules.clear()

    def _setColumnWidth(self, action: dict[str, Any]) -> None:  # noqa: N802
        _, left, _, right = self._block(action)
        self._of(action).widths |= dict.fromkeys(range(left, right + 1), action["args"][0])

    def _setRowHeight(self, action: dict[str, Any]) -> None:  # noqa: N802
        top, _, bottom, _ = self._block(action)
        self._of(action).heights |= dict.fromkeys(range(top, bottom + 1), action["args"][0])

    def _setAutofit(self, action: dict[str, Any]) -> None:  # noqa: N802
        assert action["args"] == ["rows"]

    def _addNote(self, action: dict[str, Any]) -> None:  # noqa: N802
        address, text = action["args"]
        assert address not in self._of(action).notes
        self._of(action).notes[address] = text

    def _deleteNote(self, action: dict[str, Any]) -> None:  # noqa: N802
        del self._of(action).notes[action["args"][0]]

    def _namesAdd(self, action: dict[str, Any]) -> None:  # noqa: N802
        name, refers_to = action["args"]
        page = self._of(action)
        scope = {"scope_sheet_name": page.name, "scope_sheet_index": self.pages.index(page)}
        place = {"book_scope": False, "sheet_index": None, "address": None}
        self.names.append({"name": name, "refers_to": refers_to, **scope, **place})

    def _addChart(self, action: dict[str, Any]) -> None:  # noqa: N802
        keys = "name chart_type sheet address left top width height plot_by anchor style".split()  # noqa: SIM905
        self._of(action).charts.append(dict(zip(keys, action["args"], strict=True)))

    def _deleteChart(self, action: dict[str, Any]) -> None:  # noqa: N802
        del self._of(action).charts[action["args"][0]]

    def _alert(self, action: dict[str, Any]) -> None:
        self.alerts.append(action["args"][0])


def _page(name: str, frame: pd.DataFrame, as_object: bool) -> Page:
    cells = Grid.lay_frame(frame)
    page = Page(name, Grid({place: value for place, value in cells.items() if value is not None}))
    if as_object:
        page.tables.append({"name": name, "range": (1, 1, len(frame) + 1, len(frame.columns))})
    return page


def _sent(page: Page) -> dict[str, Any]:
    rows = page.values.read((1, 1, *page.values.area[2:]), "") if page.values else [[]]
    return {
        "name": page.name,
        "visibility": page.visibility,
        "values": [[_as_json(value) for value in row] for row in rows],
        "pictures": [],
        "shapes": [],
        "charts": [
            {k: c[k] for k in ("name", "chart_type", "left", "top", "width", "height")} for c in page.charts
        ],
        "notes": [{"address": address} for address in page.notes],
        "tables": [_table(table) for table in page.tables],
        "print_area": page.print_area,
        "show_gridlines": page.gridlines,
        "pivot_tables": [],
    }


def _as_json(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return value.item() if hasattr(value, "item") else value


def _table(table: dict[str, Any]) -> dict[str, Any]:
    top, left, bottom, right = table["range"]
    parts = {
        "range_address": format_block(top, left, bottom, right),
        "header_row_range_address": format_block(top, left, top, right),
        "data_body_range_address": format_block(top + 1, left, bottom, right),
        "total_row_range_address": None,
    }
    looks = {"show_headers": True, "show_totals": False, "table_style": "", "show_autofilter": True}
    return {"name": table["name"], **parts, **looks}
