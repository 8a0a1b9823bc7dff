"""Bring the catalogues up to date with the texts of the package: the .po, and the .mo that is made of it.

Run it after a text was added or changed (``python translations/update.py``), translate what it names, and run it
again. A text that is gone leaves the catalogue; one that is new stands there empty, and a test fails until it
is translated. Nothing is guessed from a similar text.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from xlprofit.catalogue import CATALOGUE
from xlprofit.excel import CATEGORY
from xlprofit.formulas import REGISTRY
from xlprofit.formulas.explained import LEVELS as LEVELS_EXPLAINED
from xlprofit.formulas.explained import TABLES as EXPLAINED_TABLES
from xlprofit.languages import LANGUAGES
from xlprofit.ooxml import guide
from xlprofit.sheets import capacity, names
from xlprofit.sheets.referral_value import QUADRANTS
from xlprofit.tables import SCOPES, SETTINGS, TABLES
from xlprofit.tables.comparisons import COMPARISONS
from xlprofit.vocabulary.effects import Effect
from xlprofit.vocabulary.forecasts import BOUNDS, FORECASTS
from xlprofit.vocabulary.groups import GROUPS, RESERVED_GROUPS
from xlprofit.vocabulary.levels import LEVELS
from xlprofit.vocabulary.levers import Lever
from xlprofit.vocabulary.lines import Line
from xlprofit.vocabulary.measures import COMPANY_LINES
from xlprofit.vocabulary.states import STATES
from xlprofit.vocabulary.verdicts import SCREENINGS, VERDICTS
from xlprofit.vocabulary.what_if import CHANGED
from xlprofit.wordings import WORDINGS

PACKAGE = Path(__file__).parents[1] / "xlprofit"
KEYWORDS = {"_": None, "N_": None, "_n": (1, 2)}
HEADER = "# The texts of xlprofit. Written by translations/update.py; the translations are written by hand."

WORDS = (
    *(*GROUPS, *RESERVED_GROUPS, "cogs", "credit", *LEVELS, *SCOPES),
    *(*STATES, *map(str, Lever), *QUADRANTS.values(), *capacity.WORD_LIST),
    *(*VERDICTS, *SCREENINGS),
    *("stop", "error", "warning", "note", "yes", "no"),
    *("month", "quarter", "year", "net_revenue", "gross_margin", "price", "cost", *TABLES),
    *(*COMPARISONS, *map(str, Effect), *CHANGED, "actual"),
    *("open", "contract", "won", "lost"),
)
"""The words that inputs and results have in common: groups, levels, states, verdicts."""

FORMULA_WORDS = (
    *("customer", "line", "group", "units", "rate", "amount", "state", "decision", "referral"),
    *("rank", "profit", "cumulative", "cumulative_share", "forecast", *BOUNDS, *FORECASTS),
    *(*LEVELS_EXPLAINED, *(word for table in EXPLAINED_TABLES.values() for word in table)),
)
"""The headers of the tables that formulas give, and what a results sheet may lack."""

KINDS = (
    *("customer", "line", "table", "language", "column", "measure", "template"),
    *("number", "profile", "source", "attribute", "bound", "period", "level"),
    "group or activity",
    *("effect", "plan or scenario", "column of Customers"),
    "table that may come from a source",
)
"""What a name that is not known should have been the name of."""

LINES = (
    *(
        *COMPANY_LINES,
        "margin",
        "resources",
        Line.COMMISSION,
        Line.FINANCING,
        Line.EXPECTED_LOSS,
    ),
    *(Line.IDLE, Line.UNASSIGNED),
)
"""The lines of the ledger and of the P&L that are the product's own."""

Text = tuple[str, str | tuple[str, str], str]
"""The kind of word (empty for a sentence), the text or its singular and plural, and the file it is in."""


def path(language: str, ending: str = "po") -> Path:
    """Return where a language's catalogue is."""
    return PACKAGE / "locale" / language / "LC_MESSAGES" / f"xlprofit.{ending}"


@cache
def texts() -> tuple[Text, ...]:
    """Return every text of the package that is to be translated; its modules are read once."""
    return tuple(_extract_texts())


def _extract_texts() -> Iterator[Text]:
    for file, _, message, _, _ in extract_from_dir(
        PACKAGE, [("**.py", "python")], keywords=KEYWORDS, comment_tags=()
    ):
        yield "", message if isinstance(message, str) else tuple(message), f"xlprofit/{file}"
    for rule in CATALOGUE.values():
        yield from (("", text, "xlprofit/catalogue.py") for text in (rule.why, rule.fix))
    for wordings in WORDINGS.values():
        yield from (("", text, "xlprofit/wordings.py") for text in wordings.values())
    for table in TABLES.values():
        yield "table", table.name, "xlprofit/tables"
        yield "", table.note, "xlprofit/tables"
        for column in table.columns:
            yield table.name, column.name, "xlprofit/tables"
            yield "", column.note, "xlprofit/tables"
            if column.assumed:
                yield "", column.assumed, "xlprofit/tables"
    for setting in SETTINGS.values():
        yield "setting", setting.name, "xlprofit/tables"
        yield "", setting.note, "xlprofit/tables"
    for function in REGISTRY.values():
        yield "", function.summary, "xlprofit/formulas/registry.py"
        for argument in function.arguments:
            yield "argument", argument.name, "xlprofit/formulas/registry.py"
            yield "", argument.help, "xlprofit/formulas/registry.py"
    for name in (*names.ORDER, names.EXPLANATION, guide.NAME):
        yield "sheet", name, "xlprofit/sheets/names.py"
    yield from (("formula", word, "xlprofit/formulas/lookups.py") for word in FORMULA_WORDS)
    yield "product", CATEGORY, "xlprofit/excel/__init__.py"
    yield from (("kind", kind, "xlprofit/errors.py") for kind in KINDS)
    yield from (("word", word, "xlprofit/headings.py") for word in WORDS)
    yield from (("line", line, "xlprofit/vocabulary/lines.py") for line in LINES)


def updated(language: str) -> tuple[Catalog, list[str]]:
    """Return the catalogue of a language with the texts as they are now, and those not translated."""
    with path(language).open("rb") as file:
        old = read_po(file, locale=language)
    new = Catalog(locale=language, project="xlprofit", fuzzy=False, charset="utf-8", header_comment=HEADER)
    new.revision_date = new.creation_date = None  # type: ignore[assignment]
    for context, text, file_name in sorted(texts(), key=lambda t: (t[2], t[0], str(t[1]))):
        before = old.get(text, context or None)
        found = before.string if before is not None and not before.fuzzy else ""
        if isinstance(text, tuple) and isinstance(found, str):
            found = ("", "")
        new.add(text, found, locations=[(file_name, 0)], context=context or None)
    missing = [
        str(m.id) for m in new if m.id and not (m.string if isinstance(m.string, str) else all(m.string))
    ]
    return new, missing


def written(catalog: Catalog) -> bytes:
    """Return a catalogue as a .po file: without dates and line numbers, so that only texts change it."""
    memory = BytesIO()
    write_po(memory, catalog, width=110, include_lineno=False, sort_by_file=False)
    lines = memory.getvalue().decode().splitlines(keepends=True)
    dated = ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By', '"Last-Translator', '"Language-Team')
    return "".join(line for line in lines if not line.startswith(dated)).encode()


def compiled(catalog: Catalog) -> bytes:
    """Return a catalogue as a .mo file: the same whenever it is made, though Babel puts a day into it."""
    catalog.creation_date = datetime.fromtimestamp(0, UTC)
    memory = BytesIO()
    write_mo(memory, catalog)
    return memory.getvalue()


def main() -> int:
    """Write the catalogues; 1 where a text is not translated."""
    left = 0
    for language in (code for code, known in LANGUAGES.items() if known.catalogue is not None):
        catalog, missing = updated(language)
        path(language).write_bytes(written(catalog))
        with path(language).open("rb") as file:
            path(language, "mo").write_bytes(compiled(read_po(file, locale=language)))
        for text in missing:
            print(f"{language}: not translated: {text}")
        left += len(missing)
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
