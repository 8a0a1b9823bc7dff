"""Every host of the workflow, each made of the same tables: what its result sheets hold after a refresh.

A host is a function of a :class:`Case` to an :class:`Outcome`. *file* and *frames* are the real ones; *calc* is the
worker's side of Calc, on a copy as the extension stores it; *excel* is xlwings' own code for Windows over a stand-in
for COM, *script* xlwings' own engine for scripts.
"""

from __future__ import annotations

import json
import pickle
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import load_workbook

import xlprofit
from tests.excel import stand_in
from tests.excel.grid import Grid
from tests.excel.on_server import Office, Server
from xlprofit import workflow
from xlprofit.addresses import format_address, format_column, parse_column
from xlprofit.drawing import drawing, typed
from xlprofit.errors import XlprofitError
from xlprofit.formulas import SHEET
from xlprofit.hosts.calc import CalcHost
from xlprofit.hosts.file import FileHost
from xlprofit.hosts.frames import FramesHost
from xlprofit.sheets import names
from xlprofit.sheets.figures import Selection
from xlprofit.sheets.parts import Sheet

Cells = dict[str, dict[tuple[int, int], Any]]
"""What each result sheet holds, by row and column; a formula by its value or, where a host knows none, not at all."""

FORMULA = re.compile(r'=HYPERLINK\("(?:[^"]|"")*","((?:[^"]|"")*)"\)')


BESIDE = 2
"""So many columns of Sales an Excel Table does not reach over that does not reach over all rows; one is filled."""


@dataclass(frozen=True)
class Case:
    """A workbook: its tables, how many rows of Sales its Excel Table does not reach over, and the cell selected."""

    tables: Mapping[str, pd.DataFrame]
    folder: Path
    below: int = 0
    selected: tuple[str, int, int] | None = None


@dataclass
class Outcome:
    """What a refresh, and then Explain of the selected cell, came to: cells, or what was said."""

    cells: Cells = field(default_factory=dict)
    said: str = ""


class DrawnFrames(FramesHost):
    """DataFrames whose sheets are drawn as grids while the language of the results is spoken."""

    cells: Cells

    def put_sheets(self, sheets: Sequence[Sheet], *, keep: bool) -> None:
        """Draw the sheets."""
        drawn = {sheet.name: typed.build_typed_rows(drawing.build_drawing(sheet)) for sheet in sheets}
        self.cells |= {name: settle(Grid.lay(rows)) for name, rows in drawn.items()}


def run_frames(case: Case) -> Outcome:
    """Return the sheets' descriptions as grids."""
    host = DrawnFrames(case.tables)
    host.cells = {}

    def act() -> Cells:
        workflow.refresh_sheets(host)
        if case.selected:
            host.selection = select(host.cells, case.selected)
            workflow.explain_cell(host)
        return host.cells

    return attempt(act)


def run_file(case: Case) -> Outcome:
    """Return what the refreshed file holds, its formulas by the values in the file."""
    path = make_book(case)

    def act() -> Cells:
        workflow.refresh_sheets(FileHost(path))
        cells = read_book(path, values=True)
        if case.selected:
            host = FileHost(path, selection=select(cells, case.selected))
            workflow.explain_cell(host)
            cells = read_book(path, values=True)
        return cells

    return attempt(act)


def run_calc(case: Case) -> Outcome:
    """Return what the worker drew for the extension, and the rows of the results sheet."""
    copy, said = make_book(case), []
    request: dict[str, Any] = {
        "copy": str(copy),
        "folder": str(case.folder),
        "results": str(case.folder / "drawn.xlsx"),
        "rows": str(case.folder / "rows.json"),
    }

    def act() -> Cells:
        workflow.refresh_sheets(CalcHost(request, lambda kind, content: said.append((kind, content))))
        cells = read_book(Path(request["results"]), values=False)
        cells[SHEET] = settle(Grid.lay(json.loads(Path(request["rows"]).read_text(encoding="utf-8"))))
        if case.selected:
            request["cell"] = vars(select(cells, case.selected))
            workflow.explain_cell(CalcHost(request, lambda kind, content: None))
            cells |= read_book(Path(request["results"]), values=False)
        return cells

    return attempt(act)


EXCEL = """
import pathlib
import pandas as pd
from tests.excel.live_com import Excel
from tests.hosts.hosts import FORMULA
from xlprofit import workflow
from xlprofit.errors import XlprofitError
from xlprofit.hosts.live import LiveHost

def shown(name):
    return [
        [linked[1] if isinstance(v, str) and (linked := FORMULA.fullmatch(v)) else v for v in row]
        for row in excel[name].rows
    ]

tables = pd.read_pickle(pickled)
excel = Excel.hold(tables)
if below:
    excel["Sales"].lay_table("Sales", below, narrower=2)
vars(excel.book)["FullName"] = str(pathlib.Path(folder) / "book.xlsx")
live = excel.live()
said = ""
try:
    workflow.refresh_sheets(LiveHost(live))
    if selected:
        name, row, column = selected
        excel[name].fill(shown(name))
        vars(excel.application)["Selection"] = excel[name].block(row, column, 1, 1)
        workflow.explain_cell(LiveHost(live))
except XlprofitError as error:
    said = str(error)
result = [said, {name: shown(name) for name in excel.names if name not in tables}]
"""


def run_excel(case: Case) -> Outcome:
    """Return what a stand-in for Excel was given over COM."""
    pickled = case.folder / "tables.pickle"
    pickled.write_bytes(pickle.dumps(dict(case.tables)))
    said, shown = stand_in.run(
        EXCEL,
        pickled=str(pickled),
        folder=str(case.folder),
        below=case.below,
        selected=case.selected and list(case.selected),
    )
    return Outcome({name: settle(Grid.lay(rows)) for name, rows in shown.items()}, said)


def run_script(case: Case, server: Server) -> Outcome:
    """Return what a client of xlwings' scripts was told to do."""
    office = Office(dict(case.tables), objects=("Sales",) if case.below else ())
    if case.below:
        (table,) = office["Sales"].tables
        top, left, bottom, right = table["range"]
        table["range"] = (top, left, bottom - case.below, right - BESIDE)
    office.run(server, "refresh_results")
    if case.selected and not office.alerts:
        name, row, column = case.selected
        office[name].values.update(settle(office[name].values))
        office.active = office.sheet_names.index(name)
        office.selection = format_address(row, column)
        office.run(server, "explain_cell")
    cells = {page.name: settle(page.values) for page in office.pages if page.name not in case.tables}
    return Outcome(cells, "\n".join(office.alerts))


HOSTS: Mapping[str, Callable[[Case], Outcome]] = {
    "file": run_file,
    "calc": run_calc,
    "excel": run_excel,
}
"""Every host but the DataFrames, which the others are compared with, and the scripts, which need a server."""


# --- a workbook in its shapes ------------------------------------------------------------------------


def make_book(case: Case) -> Path:
    """Return the case as a file."""
    path = xlprofit.new(case.folder / "book.xlsx", case.tables)
    if case.below:
        book = load_workbook(path)
        table = book["Sales"].tables["Sales"]
        first, _, last = table.ref.partition(":")
        column = last.rstrip("0123456789")
        narrower = format_column(parse_column(column) - BESIDE)
        table.ref = f"{first}:{narrower}{int(last[len(column) :]) - case.below}"
        del table.tableColumns[-BESIDE:]
        if table.autoFilter is not None:
            table.autoFilter.ref = table.ref
        book.save(path)
    return path


def read_book(path: Path, *, values: bool) -> Cells:
    """Return what the result sheets of a file hold."""
    book = load_workbook(path, data_only=values, read_only=True)
    ours = {*names.list_all_sheet_names(), SHEET}
    return {
        sheet.title: settle(Grid.lay([*sheet.iter_rows(values_only=True)]))
        for sheet in book.worksheets
        if sheet.title in ours
    }


def select(cells: Cells, place: tuple[str, int, int]) -> Selection:
    """Return a cell as a host hands it over."""
    name, row, column = place
    held = cells[name]
    last = max(at for _, at in held)
    in_row = [held.get((row, at)) for at in range(1, last + 1)]
    return Selection(name, row, column, "", in_row, [held.get((at, column)) for at in range(1, row + 1)])


def settle(cells: Mapping[tuple[int, int], Any]) -> dict[tuple[int, int], Any]:
    """Return cells as they read: a link by its text, no blanks, no formula of which no value is known."""
    read = {}
    for place, value in cells.items():
        if isinstance(value, str):
            linked = FORMULA.fullmatch(value)
            value = linked[1].replace('""', '"') if linked else value.removeprefix("'")
            if value.startswith("="):
                continue
        if isinstance(value, datetime):
            value = (value - datetime(1899, 12, 30)).total_seconds() / 86_400
        if value is not None and value != "":
            read[place] = value
    return read


def attempt(act: Callable[[], Cells]) -> Outcome:
    """Return what was done, or what was said where it was not."""
    try:
        return Outcome(act())
    except XlprofitError as error:
        return Outcome(said=str(error))
