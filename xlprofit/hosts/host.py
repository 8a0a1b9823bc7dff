"""What the workflow asks of a host, whichever it is: to read, and to put what it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol, TypeVar

from xlprofit.errors import XlprofitError
from xlprofit.findings import Findings
from xlprofit.sheets.figures import Selection
from xlprofit.sheets.parts import Sheet
from xlprofit.tables import Raw
from xlprofit.words.speech import _

Stage = Callable[[str], None]
"""Called with a few words at the start of each stage of long work."""

Report = TypeVar("Report", covariant=True)
"""What a host has to say of the sheets that it put: a file its path, others nothing."""


class Host(Protocol[Report]):
    """A place where input tables stand and result sheets are shown.

    A host knows how its cells are read and written, and what it can do. What is read, computed, refused, drawn
    and explained is for the workflow to say, so that every host gives the same figures.
    """

    def at_work(self) -> AbstractContextManager[Stage]:
        """Be left alone while sheets are written, and as it was found after an error; yields what says the stage.

        Raises:
            FileError: what can be seen beforehand to stand in the way of writing.
        """
        ...

    def read_tables(self) -> Mapping[str, Raw]:
        """Return the input tables that stand there, by table name; what is not there is left out."""
        ...

    @property
    def reaches_files(self) -> bool:
        """Whether the work runs on the user's own computer, with the user's files and databases."""
        ...

    def find_folder(self) -> Path | None:
        """Return where relative paths of sources start; ``None`` where the workbook has no folder (yet)."""
        ...

    def list_sheets(self) -> tuple[str, ...]:
        """Return the names of all sheets, in their order."""
        ...

    def find_file(self) -> Path | None:
        """Return the file that stands there, where a command could be given it; ``None`` where there is none."""
        ...

    def find_saved_book(self) -> Path | None:
        """Return where the workbook is saved, which what was closed of it lies beside; ``None`` where it is not."""
        ...

    def list_own_sheets(self) -> tuple[str, ...]:
        """Return the names of the sheets that xlprofit made."""
        ...

    def read_chosen(self, names: Sequence[str], place: tuple[int, int]) -> tuple[bool, object]:
        """Return whether there is a sheet of ours under one of these names, and what a cell of it holds."""
        ...

    def read_selection(self) -> Selection:
        """Return the selected cell.

        Raises:
            XlprofitError: no cell is selected.
        """
        ...

    def refuse_taken(self, names: Sequence[str]) -> None:
        """Raise where a sheet cannot be written: one of the user's own bears the name, or it is protected.

        Raises:
            XlprofitError: names the sheet and what to do; nothing was changed.
        """
        ...

    def show_findings(self, findings: Findings, sheet: Sheet) -> None:
        """Show what was found where this host shows it: on the sheet given, in a message, or not at all."""
        ...

    def put_sheets(self, sheets: Sequence[Sheet], *, keep: bool) -> Report:
        """Draw sheets, each in its own place, new ones behind all others; nothing else is touched.

        ``keep``: what the result sheets showed so far is kept where the host can put it back.
        """
        ...


class TablesHost(Protocol):
    """A workbook to which input tables can be added where it is open."""

    def list_sheets(self) -> tuple[str, ...]:
        """Return the names of all sheets, in their order."""
        ...

    def add_tables(self, headers: Mapping[str, Sequence[str]]) -> None:
        """Add sheets behind all others, each with a row of headers, and show the first of them."""
        ...


def require_selection(given: Selection | None) -> Selection:
    """Return the cell that a host was given as selected.

    Raises:
        XlprofitError: none was given.
    """
    if given is None:
        raise XlprofitError(_("No cell is selected"))
    return given
