"""The texts of all sheets, findings and refusals in a language, with a mark where a figure or a name stands."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from tests.bad_input.broken import BROKEN
from tests.bad_input.unreadable import UNREADABLE, write_unreadable
from tests.language import test_sheets as shown
from xlprofit import samples
from xlprofit.errors import StoppedError, XlprofitError
from xlprofit.ooxml.read import read_input_tables
from xlprofit.results import compute_results
from xlprofit.samples import demo
from xlprofit.words.complaints import say_error, say_finding
from xlprofit.words.speech import say, speaking

LANGUAGES = ("en", "fi")

FIGURE = re.compile(r"[-−+]?\d(?:[\d.,:\u00a0\u202f]*\d)?")
COMPANIES = ("demo", *samples.TRADES, *shown.SHOWN)
"""Of whom the sheets are looked at: all of the demo, of the others what the demo does not say."""

SWELLING = re.compile("bomb|thousand|laugh|swell|claim", re.IGNORECASE)
"""Refusals that are made by hundreds of megabytes: too slow to be said here."""


def find_snapshot(code: str) -> Path:
    """Return the file that pins a language."""
    return Path(__file__).with_name(f"{code}.txt")


def write_snapshot(code: str) -> str:
    """Return what the file should hold: each text once, in order, under a heading for the sheet or kind."""
    told: set[str] = set()
    lines: list[str] = []
    for heading, texts in (
        *say_sheets(code),
        ("findings", say_findings(code)),
        ("refusals", say_refusals(code)),
    ):
        new = [text for text in dict.fromkeys(texts) if text not in told]
        told.update(new)
        if new:
            lines += [f"# {heading}", *new, ""]
    return "\n".join(lines)


def say_sheets(code: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each sheet of each company with its texts."""
    for name in COMPANIES:
        if name in shown.SHOWN:
            inputs, findings = shown.of_case(code, name)
            assert inputs is not None
            results = compute_results(inputs, findings)
        else:
            small = demo.tables(customers=40, sales_lines=2_000, activity_rows=1_500)
            results = shown.of_tables(code, small if name == "demo" else samples.tables(name))
        names = shown.inputs_of(results) - shown.ENGLISH
        with speaking(code):
            for sheet in shown.every_sheet(results):
                yield f"{name}: {sheet.name}", list(hide_figures(shown.texts([sheet]), names))


def say_findings(code: str) -> Iterator[str]:
    """Yield what each faulty workbook of ``tests/findings`` is told, why, and what to do."""
    for name in shown.CASES if code != "en" else ():  # English stands in their files
        findings = shown.of_case(code, name)[1]
        with speaking(code, findings.own):
            yield from (f"{found.code} {say_finding(found)} | {say(found.why)}" for found in findings)


def say_refusals(code: str) -> Iterator[str]:
    """Yield the line that refuses each broken package, and each file that is no workbook."""
    for name, (make, words) in BROKEN.items():
        if words and not SWELLING.search(name):
            yield from _say_refusal(code, partial(_write_broken, make))
    for name in UNREADABLE:
        yield from _say_refusal(code, partial(write_unreadable, name))


def _write_broken(make: Callable[[Path], Path], folder: Path) -> Path:
    return make(folder / "book.xlsx")


def _say_refusal(code: str, write: Callable[[Path], Path]) -> Iterator[str]:
    """Yield the line that refuses a file, if an error does and no finding."""
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder))
        try:
            read_input_tables(path)
        except StoppedError:
            return
        except XlprofitError as error:
            with speaking(code):
                line = say_error(error)
            yield line.replace(str(path), path.name).replace(folder, "FOLDER")


def hide_figures(texts: Iterable[str], names: Iterable[str]) -> Iterator[str]:
    """Yield the texts with # for a figure and … for a name of the company's own; what is only those is left out.

    >>> list(hide_figures(["ACME earns 1,200.50", "ACME", "12"], ["ACME"]))
    ['… earns #']
    """
    ordered = sorted((re.escape(name) for name in names if len(name) > 1), key=len, reverse=True)
    known = re.compile(rf"(?<!\w)(?:{'|'.join(ordered)})(?!\w)") if ordered else None
    for text in texts:
        hidden = FIGURE.sub("#", known.sub("…", text) if known else text)
        hidden = re.sub("…(?:, …)+", "…", hidden).replace("\n", "⏎")
        if re.search(r"[^\W\d_]{2}", hidden):
            yield hidden
