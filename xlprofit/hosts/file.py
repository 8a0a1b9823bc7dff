"""A workbook's file as a host: read by its cells, written beside itself and moved into place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from xlprofit.findings import Findings
from xlprofit.formulas import SHEET as RESULTS_SHEET
from xlprofit.hosts.host import Stage, require_selection
from xlprofit.ooxml import chosen, lock, put
from xlprofit.ooxml.listing import Listed, read_sheet_list
from xlprofit.ooxml.package import open_package
from xlprofit.ooxml.put import PutReport
from xlprofit.ooxml.read import read_input_tables
from xlprofit.ooxml.saving import Stamp, read_stamp_or_nothing
from xlprofit.sheets.figures import Selection
from xlprofit.sheets.parts import Sheet
from xlprofit.tables import Raw

if TYPE_CHECKING:
    from xlprofit.ooxml.clearing import Cleared


class FileHost:
    """An .xlsx or .xlsm file, and the file that is written: the same one where no ``output`` is given.

    Args:
        path: the workbook.
        output: the file to write.
        backup: keep the file that is written over, as ``BOOK.backup.xlsx`` beside it.
        stage: called with a few words at the start of each stage.
        selection: the cell that is to be explained.
        folder: where relative paths of sources start, where that is not the workbook's own folder.
        replaced: the stamp that the output had when it was looked at, where it is another file; by default it is
            taken when the work begins.
    """

    reaches_files = True

    def __init__(
        self,
        path: str | Path,
        output: str | Path | None = None,
        *,
        backup: bool = False,
        stage: Stage = lambda words: None,
        selection: Selection | None = None,
        folder: Path | None = None,
        replaced: Stamp | None = None,
    ) -> None:
        self.path, self.output = Path(path), None if output is None else Path(output)
        self.backup, self.stage, self.selection = backup, stage, selection
        self.folder = folder or self.path.parent
        self._seen: Stamp | None = None
        self._sheets: tuple[Listed, ...] | None = None
        self._replaced = replaced

    @contextmanager
    def at_work(self) -> Iterator[Stage]:
        """Lock the file that is written, after all that can be seen beforehand is seen."""
        self._seen = put.examine_workbook(self.path, self.output, (RESULTS_SHEET,))
        written = put.choose_written_file(self.path, self.output)
        with lock.lock_workbook(written):
            if self._replaced is None and written != self.path:
                self._replaced = read_stamp_or_nothing(written)
            try:
                yield self.stage
            finally:
                self._sheets = None

    def read_tables(self) -> dict[str, Raw]:
        """Return the tables; while the other core reads, what draws is loaded where the file will be written."""
        return read_input_tables(
            self.path, put.load_drawing_modules if self._seen is not None else lambda: None
        )

    def find_folder(self) -> Path:
        """Return the folder of the file, or the one that was given."""
        return self.folder

    def list_sheets(self) -> tuple[str, ...]:
        """Return the names of the sheets, hidden ones too."""
        return tuple(sheet.name for sheet in self._list())

    def find_file(self) -> Path | None:
        """Return the file."""
        return self.path

    def find_saved_book(self) -> Path:
        """Return the file."""
        return self.path

    def list_own_sheets(self) -> tuple[str, ...]:
        """Return the names of the sheets that xlprofit made."""
        return tuple(sheet.name for sheet in self._list() if sheet.ours)

    def _list(self) -> tuple[Listed, ...]:
        """Return the sheets of the file; while it is worked on they are read once."""
        if self._sheets is not None:
            return self._sheets
        with open_package(self.path) as book:
            found = read_sheet_list(book).sheets
        if self._seen is not None:
            self._sheets = found
        return found

    def read_chosen(self, names: Sequence[str], place: tuple[int, int]) -> tuple[bool, object]:
        """Return whether a sheet of ours of these names is there, and a cell of it."""
        wanted = {name.casefold() for name in names}
        if not any(sheet.ours and sheet.name.casefold() in wanted for sheet in self._list()):
            return False, None
        return chosen.read_chosen_cell(self.path, names, *place)

    def read_selection(self) -> Selection:
        """Return the cell that was given as selected.

        Raises:
            XlprofitError: none was given.
        """
        return require_selection(self.selection)

    def refuse_taken(self, names: Sequence[str]) -> None:
        """Refuse a sheet of the user's own where one of ours must go."""
        put.refuse_taken_names(self.path, self._list(), names)

    def show_findings(self, findings: Findings, sheet: Sheet) -> None:
        """Show nothing: whoever called has them."""

    def put_sheets(self, sheets: Sequence[Sheet], *, keep: bool) -> PutReport:
        """Write the file with the sheets in it: complete or not at all."""
        return put.put_result_sheets(
            self.path,
            self.output,
            lambda existing: sheets,
            seen=self._seen,
            replaced=self._replaced,
            backup=self.backup and keep,
        )

    def clear_sample(self, say: Callable[[Iterable[Sheet], str], list[Sheet]]) -> Cleared:
        """Write the file without its sample rows; ``say`` gives result sheets in the workbook's language.

        Raises:
            XlprofitError: there are no sample rows in it.
            FileError: what can be seen beforehand to stand in the way of writing.
        """
        from xlprofit.ooxml import clearing  # no other command waits for it

        seen = put.examine_workbook(self.path, self.output, ())
        written = put.choose_written_file(self.path, self.output)
        with lock.lock_workbook(written):
            replaced = seen if written == self.path else read_stamp_or_nothing(written)
            return clearing.clear_sample_rows(
                self.path, self.output, (seen, replaced), say=say, backup=self.backup
            )
