"""An Excel on Windows that only listens: xlwings' own COM code talks to it, and every call is counted.

It keeps what a macro asks back (sheets, their names, marks, protection) and takes everything else in silence, so
that a call of something that Excel does not have would pass: it shows the calls, not that Excel obeys.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from tests.excel.grid import Grid
from tests.excel.stand_in import ComError, TimeType
from xlprofit.addresses import parse_column


class Thing:
    """Any object of Excel: what is asked of it is another one, what is set is kept and counted."""

    def __init__(self, excel: Excel, path: str, **known: Any) -> None:
        vars(self).update(known, _excel=excel, _path=path)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        self._excel.count(f"{self._path}.{name}")
        made = Thing(self._excel, f"{self._path}.{name}")
        vars(self)[name] = made
        return made

    def __setattr__(self, name: str, value: Any) -> None:
        self._excel.count(f"{self._path}.{name}=")
        self._excel.set.append((f"{self._path}.{name}", value))
        vars(self)[name] = value

    def __call__(self, *args: Any, **named: Any) -> Any:
        self._excel.count(f"{self._path}()")
        return Thing(self._excel, f"{self._path}()")

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __bool__(self) -> bool:
        return True


class Sheet(Thing):
    """A worksheet, whose ranges know where they are and whose cells keep what was assigned to them."""

    def Range(self, first: Any, last: Any = None) -> Block:  # noqa: N802 - the names are Excel's
        self._excel.count("Sheet.Range()")
        if isinstance(first, str):
            areas = [[_corner(end) for end in area.split(":")] for area in first.replace("$", "").split(",")]
            ends = areas[0]
        else:
            ends = [(thing.Row, thing.Column) for thing in (first, last)]
            areas = [ends]
        (top, left), (bottom, right) = ends[0], ends[-1]
        block = self.block(top, left, bottom - top + 1, right - left + 1)
        vars(block)["series"] = sum(area[-1][1] - area[0][1] + 1 for area in areas)
        return block

    @property
    def UsedRange(self) -> Block:  # noqa: N802
        self._excel.count("Sheet.UsedRange")
        top, left, bottom, right = self.cells.area
        return self.block(top, left, bottom - top + 1, right - left + 1)

    @property
    def cells(self) -> Grid:
        """What the cells hold, as Excel gives it by ``Value``."""
        found: Grid = vars(self)["grids"]["Value"]
        return found

    @property
    def rows(self) -> list[list[Any]]:
        """What the cells hold, row by row."""
        return self.cells.read(self.cells.area)

    def fill(self, rows: list[list[Any]], row: int = 1, column: int = 1, **other: list[list[Any]]) -> Sheet:
        """Put values into the cells from a corner on, as Excel gives them by ``Value``; others by ``Value2``."""
        grids = {name: Grid.lay(given, row, column) for name, given in other.items()}
        cells = Grid.lay(rows, row, column)
        vars(self)["grids"] = {"Value": cells, "Value2": cells, **grids}
        return self

    def lay_table(self, name: str, less: int = 0, *, narrower: int = 0, totals: bool = False) -> Sheet:
        """Lay an Excel Table over the filled cells, ``less`` rows and ``narrower`` columns at their end."""
        top, left, bottom, right = self.cells.area
        whole = self.block(top, left, bottom - top + 1 - less, right - left + 1 - narrower)
        known = {"Name": name, "Range": whole, "ShowHeaders": True, "ShowTotals": totals, "Parent": self}
        self.ListObjects.items.append(Thing(self._excel, "ListObject", **known))
        return self

    def block(self, row: int, column: int, rows: int, columns: int) -> Block:
        """Return a range."""
        known: dict[str, Any] = {"Row": row, "Column": column, "Worksheet": self, "Count": rows * columns}
        known |= dict.fromkeys(("Comment", "CommentThreaded"))
        for name, count in (("Rows", rows), ("Columns", columns)):
            known[name] = Thing(self._excel, f"Range.{name}", Count=count)
        return Block(self._excel, "Range", **known)


class Block(Thing):
    """A range, whose cells are counted from its corner; values assigned from A1 on, or to one cell, are kept."""

    CLSID = "{00020846-0000-0000-C000-000000000046}"

    def __getattr__(self, name: str) -> Any:
        grid = vars(self.Worksheet)["grids"].get(name)
        if grid is None:
            return super().__getattr__(name)
        self._excel.count(f"Range.{name}")
        last = self.Row + self.Rows.Count - 1, self.Column + self.Columns.Count - 1
        cells = tuple(map(tuple, grid.read((self.Row, self.Column, *last))))
        return cells if self.Count > 1 else cells[0][0]

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if name == "Value":
            rows = value if isinstance(value, list | tuple) else [[value]]
            self.Worksheet.cells.type_in(rows, self.Row, self.Column)

    def __call__(self, row: int, column: int) -> Block:
        self._excel.count("Range()")
        sheet: Sheet = self.Worksheet
        return sheet.block(self.Row + row - 1, self.Column + column - 1, 1, 1)


class Cells(Thing):
    """All cells of a sheet."""

    def __call__(self, *place: Any, **_: Any) -> Any:
        self._excel.count("Sheet.Cells()")
        return vars(self)["sheet"].block(*place, 1, 1)

    def Clear(self) -> None:  # noqa: N802 - the name is Excel's
        self._excel.count("Sheet.Cells.Clear()")
        vars(self)["sheet"].cells.clear()


def _corner(address: str) -> tuple[int, int]:
    letters = address.rstrip("0123456789")
    return int(address[len(letters) :] or 1), parse_column(letters) or 1


class Chart(Thing):
    """A chart, which has a series for each column of its source."""

    def SetSourceData(self, source: Block, _plot_by: int = 0) -> None:  # noqa: N802 - the names are Excel's
        self._excel.count("Chart.SetSourceData()")
        columns = range(1, vars(source)["series"] + 1)
        self.SeriesCollection.items[:] = [Thing(self._excel, "Series", Name=f"Series{i}") for i in columns]


class Many(Thing):
    """A collection of Excel's."""

    def __init__(self, excel: Excel, path: str, items: list[Any]) -> None:
        super().__init__(excel, path, items=items)

    @property
    def Count(self) -> int:  # noqa: N802 - the names are Excel's
        return len(self.items)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items)

    def __call__(self, key: Any = None, *rest: Any) -> Any:
        if key is None:
            return self
        if isinstance(key, int):
            return self.items[key - 1]
        for item in self.items:
            if item.Name == key:
                return item
        raise ComError(f"{self._path} has no {key}")

    def Item(self, key: Any) -> Any:  # noqa: N802
        return self(key)

    def Add(self, *args: Any, **named: Any) -> Any:  # noqa: N802
        self._excel.count(f"{self._path}.Add()")
        made = self._excel.add(self._path, *args, **named)
        self.items.append(made)
        vars(made)["Delete"] = lambda: self._removed(made)
        return made

    def _removed(self, item: Any) -> None:
        self._excel.count(f"{item._path}.Delete()")
        self.items.remove(item)


class Excel:
    """The program, with one workbook open."""

    def __init__(self, *sheets: str, name: str = "book.xlsx") -> None:
        self.calls: dict[str, int] = {}
        self.set: list[tuple[str, Any]] = []
        self.application = Thing(
            self, "App", StatusBar=False, ScreenUpdating=True, EnableEvents=True, Calculation=-4105, Hwnd=0
        )
        self.sheets = Many(self, "Sheets", [])
        self.book = Thing(
            self,
            "Book",
            Name=name,
            FullName=name,
            Sheets=self.sheets,
            Worksheets=self.sheets,
            Application=self.application,
            ProtectStructure=False,
            Date1904=False,
        )
        for sheet in sheets:
            self.sheets.items.append(self.add("Sheets", sheet))
        vars(self.book)["ActiveSheet"] = self.sheets.items[0]
        vars(self.application)["ActiveSheet"] = self.sheets.items[0]

    def __getitem__(self, sheet: str) -> Sheet:
        """Return a sheet by its name."""
        found: Sheet = self.sheets(sheet)
        return found

    @classmethod
    def hold(cls, tables: Mapping[str, pd.DataFrame]) -> Excel:
        """Return an Excel whose workbook holds input tables, a sheet each."""
        excel = cls(*tables)
        for name, frame in tables.items():
            cells = Grid.lay_frame(frame)
            excel[name].fill([[_as_com(value) for value in row] for row in cells.read(cells.area)])
        return excel

    @property
    def names(self) -> list[str]:
        """The names of the sheets, in order."""
        return [sheet.Name for sheet in self.sheets.items]

    def live(self) -> Any:
        """Return the workbook as xlwings' code for Windows has it."""
        import xlwings as xw
        from xlwings import _xlwindows

        windows: Any = _xlwindows
        return xw.Book(impl=windows.Book(xl=self.book))

    def count(self, what: str) -> None:
        """Count a call."""
        self.calls[what] = self.calls.get(what, 0) + 1

    @property
    def total(self) -> int:
        """How many calls there were."""
        return sum(self.calls.values())

    def add(self, path: str, *args: Any, **named: Any) -> Any:
        """Return a new item of a collection."""
        if path == "Sheets":
            sheet = Sheet(self, "Sheet", Name=args[0] if args else "new", Parent=self.book, Visible=-1)
            known = vars(sheet)
            known["Application"] = self.application
            known["ProtectContents"] = False
            sheet.fill([])
            known["Names"] = Many(self, "Names", [])
            known["Cells"] = Cells(self, "Sheet.Cells", sheet=sheet)
            known["Index"] = len(self.sheets.items) + 1
            known["ListObjects"] = Many(self, "ListObjects", [])
            known["Comments"] = Many(self, "Comments", [])
            charts = Many(self, "Charts", [])
            known["ChartObjects"] = charts
            return sheet
        if path == "ListObjects":
            _kind, whole, *_rest = args
            known = {"Name": "", "Range": whole, "ShowHeaders": True, "ShowTotals": False}
            return Thing(self, "ListObject", **known, Parent=whole.Worksheet)
        if path == "Names":
            return Thing(self, "Name", Name=f"x!{args[0]}", RefersTo=args[1])
        chart = Chart(self, "Chart", SeriesCollection=Many(self, "Series", []))
        return Thing(self, "ChartObject", Name="Chart", Chart=chart, Parent=self.sheets.items[-1])


def _as_com(value: Any) -> Any:
    """Return a value of a table as COM passes it."""
    if isinstance(value, pd.Timestamp):
        return TimeType(value.year, value.month, value.day)
    return value.item() if hasattr(value, "item") else value
