"""DataFrames as a host: tables in memory; the sheets that are put stay descriptions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from xlprofit.errors import UnknownNameError, XlprofitError
from xlprofit.findings import Findings
from xlprofit.headings import table_meant
from xlprofit.hosts.host import Stage, require_selection
from xlprofit.sheets.figures import Selection
from xlprofit.sheets.parts import Sheet
from xlprofit.tables import TABLES, Raw
from xlprofit.words.speech import _


class FramesHost:
    """DataFrames by the name of the table that they are."""

    reaches_files = True

    def __init__(self, frames: Mapping[str, pd.DataFrame], selection: Selection | None = None) -> None:
        self.frames, self.selection = frames, selection
        self.sheets: tuple[Sheet, ...] = ()
        """The sheets that were put last."""

    @contextmanager
    def at_work(self) -> Iterator[Stage]:
        """Yield what says nothing."""
        yield lambda words: None

    def read_tables(self) -> dict[str, Raw]:
        """Return the tables.

        Raises:
            UnknownNameError: there is no table of a name.
            XlprofitError: something else than a DataFrame was given.
        """
        raws = {}
        for given, frame in self.frames.items():
            name = table_meant(given)
            if name is None:
                raise UnknownNameError(given, TABLES, "table")
            if not isinstance(frame, pd.DataFrame):
                raise XlprofitError(
                    _("{name} is {kind}, not a DataFrame", name=given, kind=type(frame).__name__),
                    _("Give a DataFrame for each table"),
                )
            raws[name] = Raw(name, name, frame)
        return raws

    def find_folder(self) -> Path:
        """Return the current folder."""
        return Path()

    def list_sheets(self) -> tuple[str, ...]:
        """Return no names: there is no workbook."""
        return ()

    def find_file(self) -> Path | None:
        """Return none: there is no workbook."""
        return None

    def find_saved_book(self) -> Path | None:
        """Return none: there is no workbook."""
        return None

    def list_own_sheets(self) -> tuple[str, ...]:
        """Return no names: there is no workbook."""
        return ()

    def read_chosen(self, names: Sequence[str], place: tuple[int, int]) -> tuple[bool, object]:
        """Return that no such sheet is there."""
        return False, None

    def read_selection(self) -> Selection:
        """Return the cell that was given as selected.

        Raises:
            XlprofitError: none was given.
        """
        return require_selection(self.selection)

    def refuse_taken(self, names: Sequence[str]) -> None:
        """Refuse nothing."""

    def show_findings(self, findings: Findings, sheet: Sheet) -> None:
        """Show nothing: whoever called has them."""

    def put_sheets(self, sheets: Sequence[Sheet], *, keep: bool) -> None:
        """Keep the descriptions."""
        self.sheets = tuple(sheets)
