"""A macro's stay in the user's Excel: quiet while it works, told about, and left as it was found."""

from __future__ import annotations

import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import xlwings as xw

from xlprofit.errors import XlprofitError
from xlprofit.excel import CATEGORY, live_tables
from xlprofit.headings import language_of
from xlprofit.messages import ENGLISH
from xlprofit.words.complaints import say_error
from xlprofit.words.speech import _, speaking, term

LOG = "xlprofit-error.txt"
"""The file in the system's folder for temporary files that says more of an error nobody foresaw."""

Stage = Callable[[str], None]
"""Called with a few words at the start of each stage of long work."""

_QUIET = (("screen_updating", False), ("enable_events", False), ("calculation", "manual"))


@contextmanager
def quiet_excel(book: xw.Book) -> Iterator[Stage]:
    """Turn screen updating, events and calculation off while work is done; put them back whatever happens.

    Yields what says the stage in the status bar. What a host does not know is left alone (Lite and servers have no
    status bar).
    """
    app = book.app
    kept: dict[str, object] = {}

    def stage(words: str) -> None:
        with suppress(NotImplementedError):
            app.status_bar = f"xlprofit: {words} …"

    try:
        with suppress(NotImplementedError):
            kept["status_bar"] = app.status_bar or False
        for attribute, value in _QUIET:
            with suppress(NotImplementedError):
                was = getattr(app, attribute)
                setattr(app, attribute, value)
                kept[attribute] = was
        yield stage
    finally:
        for attribute, was in reversed(kept.items()):
            with suppress(Exception):  # the others must be put back too
                setattr(app, attribute, was)


def show_message(book: xw.Book, text: str, *, grave: bool = False) -> None:
    """Show a message box."""
    book.app.alert(text, term("product", CATEGORY), "ok", "critical" if grave else "info")


def run_macro(book: xw.Book, work: Callable[[xw.Book], None]) -> None:
    """Do a macro's work; an error becomes a message, never a traceback."""
    with speaking(_find_book_language(book)):
        try:
            work(book)
        except XlprofitError as error:
            show_message(book, say_error(error), grave=True)
        except Exception as error:
            show_message(book, _describe_unforeseen_error(error), grave=True)


def _find_book_language(book: xw.Book) -> str:
    """Return the language that the workbook's sheet of settings asks for; English where there is none."""
    with suppress(Exception):  # whatever is wrong with the sheet, the work itself will say it
        return language_of(live_tables.read_live_settings(book))
    return ENGLISH


def _describe_unforeseen_error(error: Exception) -> str:
    """Return what to say of an error that nobody foresaw; the rest goes to a file."""
    said = " ".join(str(error).split())[:200] or type(error).__name__
    text = _(
        "Unexpected error ({error}). If a cell is being edited or a dialog is open, close it and try again.",
        error=said,
    )
    path = Path(tempfile.gettempdir()) / LOG
    try:
        path.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    except OSError:
        return text
    return text + _(" More about it is in {path}", path=str(path))
