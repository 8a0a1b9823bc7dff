"""No text is left untranslated: the sheets of several companies in Finnish, and in a language that marks each text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from gettext import NullTranslations
from pathlib import Path

import pandas as pd
import pytest

import xlprofit
from tests import test_checks
from tests.language.test_catalogue import catalogue, pairs
from tests.needs import few, takes_minutes
from xlprofit import samples
from xlprofit.findings import Findings
from xlprofit.languages import LANGUAGES, Language
from xlprofit.messages import Message
from xlprofit.ooxml import guide
from xlprofit.results import Results, compute_results
from xlprofit.rules import check_tables
from xlprofit.sheets import book, explanation
from xlprofit.sheets.parts import Figure, Formula, Sheet
from xlprofit.tables import Inputs, Raw
from xlprofit.vocabulary.lines import Line
from xlprofit.vocabulary.measures import MEASURES
from xlprofit.words.sheets import say_sheets
from xlprofit.words.speech import _, say, speaking
from xlprofit.workflow import analyze

CASES = sorted(test_checks.cases())
SHOWN = ("C18", "M06", "R07", "R34", "figures")
"""Companies with something wrong whose sheets are looked at, each with other parts of the figures."""

FIGURES = {
    "Resources": [
        {"resource": "Desk", "cost": 500, "capacity": 10, "unit": "h"},
        {"resource": "Attic", "cost": 70, "capacity": 10},
        {"resource": "Van", "cost": 100, "period": "2024-01"},
    ],
    "Activities": [
        {"activity": "Call", "group": "service", "resource": "Desk", "rate": 1},
        {"activity": "Ride", "group": "deliver", "resource": "Van", "rate": 1},
    ],
    "ActivityLog": [
        {"date": "2024-01-15", "customer": "ACME", "activity": "Call", "quantity": 40},
        {"date": "2024-03-15", "customer": "ACME", "activity": "Call", "quantity": 40},
        {"date": "2024-03-15", "customer": "ACME", "activity": "Ride", "quantity": 4},
    ],
    "ControlTotals": [{"line": "net_revenue", "amount": 1}, {"line": "moonshine", "amount": 1}],
}
"""What the figures alone show to be wrong: over capacity, unused, without cost, not tied out, unknown."""

SAME = {"M", "km", "ok", "({n:,} of {all:,})", "Chat", "Enterprise"}
"""Texts that read the same in Finnish."""

ENGLISH = {text for m in catalogue("fi") if m.id for text in ([m.id] if isinstance(m.id, str) else m.id)}
"""Every text of the catalogue as it is written in the code."""

WORDS = {(message.context, message.id) for message in catalogue("fi") if message.context}
"""Every word of the product's own, by its kind."""

OWN_LINES = {Line.COMMISSION, Line.FINANCING, Line.EXPECTED_LOSS, Line.IDLE, Line.UNASSIGNED}
"""Lines of the ledger that keep their names in the results, and have others on the sheets."""


class Marked(NullTranslations):
    """A language in which every text is marked: «…» for a sentence, ⟦…⟧ for a word."""

    def gettext(self, message: str) -> str:
        return f"«{message}»"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"«{msgid1 if n == 1 else msgid2}»"

    def pgettext(self, context: str, message: str) -> str:
        return f"⟦{message}⟧" if (context, message) in WORDS else message


def texts(sheets: Iterable[Sheet]) -> Iterator[str]:
    """Every text that a sheet shows: names, cells, headers, notes, charts."""
    for sheet in sheets:
        yield sheet.name
        for cell in sheet.cells:
            value = cell.value.value if isinstance(cell.value, Formula) else cell.value
            if isinstance(value, str):
                yield value
        for table in sheet.tables:
            yield from (table.total_label, table.empty)
            for column in table.columns:
                yield from (column.header, column.note, column.heading)
                yield from (value for value in column.values if isinstance(value, str))
        for chart in sheet.charts:
            yield from (chart.title, chart.x_title, chart.y_title, *(s.title for s in chart.series))


def inputs_of(results: Results) -> set[str]:
    """Every text that the tables hold, which no translation changes."""
    found = {results.inputs.settings.currency, *results.inputs.sheets.values(), *map(str, results.periods)}
    for frame in results.inputs.frames.values():
        for name in frame.columns:
            if not pd.api.types.is_numeric_dtype(frame[name]):
                found |= set(map(str, frame[name].unique()))
    return found


def every_sheet(results: Results) -> list[Sheet]:
    named = [str(name) for name in results.names[:2]]
    explained = [
        explanation.describe_explanation_sheet(results, Figure(measure, customer=name))
        for name in named
        for measure in ("profit", "cost_to_serve")
    ]
    drawn = [*book.describe_result_sheets(results), *explained, guide.describe_guide_sheet()]
    return say_sheets(drawn, results.findings.language, results.findings.own)


def told_in(code: str, settings: pd.DataFrame) -> pd.DataFrame:
    """Settings that ask for a language, and for few simulations, since it is the texts that count here."""
    rows = settings.set_index("setting")["value"].to_dict() | {"language": code, "simulations": 10}
    return pd.DataFrame({"setting": list(rows), "value": pd.Series(list(rows.values()), dtype=object)})


def of_tables(code: str, tables: Mapping[str, pd.DataFrame]) -> Results:
    return analyze({**tables, "Settings": told_in(code, tables["Settings"])})


def case(name: str) -> dict[str, Raw]:
    return test_checks.company(FIGURES if name == "figures" else test_checks.cases()[name])


def of_case(code: str, name: str) -> tuple[Inputs | None, Findings]:
    raws = case(name)
    settings = raws.get("Settings")
    if settings is None or "setting" not in settings.frame:
        settings = test_checks.raw("Settings", [{"setting": "horizon", "value": 3}])
    told = {**raws, "Settings": replace(settings, frame=told_in(code, settings.frame))}
    return test_checks.find_all(told, {} if name == "figures" else test_checks.cases()[name])


def messages(part: object) -> Iterator[Message]:
    """Every message within a part of a sheet that was not said yet."""
    if isinstance(part, Message):
        yield part
    elif is_dataclass(part):
        yield from (found for field in fields(part) for found in messages(getattr(part, field.name)))
    elif isinstance(part, tuple | list):
        yield from (found for one in part for found in messages(one))


def test_a_sheet_is_described_the_same_whatever_is_spoken_and_nothing_is_left_unsaid() -> None:
    inputs, findings = of_case("fi", "figures")
    assert inputs is not None
    results = compute_results(inputs, findings)
    described = book.describe_result_sheets(results)
    with speaking("fi"):
        assert book.describe_result_sheets(results) == described
    assert list(messages(described))
    assert list(messages(say_sheets(described, "fi"))) == []


def said(findings: Findings) -> list[tuple[str, str, str]]:
    """What findings say in the language of their workbook: what was found, why it matters, what to do."""
    with speaking(findings.language, findings.own):
        return [(say(f.what), say(f.why), say(f.fix)) for f in findings]


def untranslated(results: Results) -> set[str]:
    """The English texts of the catalogue that stand on a sheet and come from no table."""
    with speaking("fi"):
        shown = set(texts(every_sheet(results)))
    return (shown & ENGLISH) - SAME - inputs_of(results)


def test_the_demo_company_is_all_finnish(company: Mapping[str, pd.DataFrame]) -> None:
    assert untranslated(of_tables("fi", company)) == set()


@pytest.mark.parametrize("name", few(samples.TRADES, "services"))
def test_a_trades_sample_is_all_finnish(name: str) -> None:
    with speaking("fi"):
        tables = samples.tables(name, _)
    results = of_tables("fi", tables)
    assert untranslated(results) == set()
    lines = set(results.ledger["line"].unique()) - set(MEASURES) - OWN_LINES
    assert not lines & (ENGLISH - SAME)


@pytest.mark.parametrize("name", few(SHOWN, "C18", "figures"))
def test_a_company_with_something_wrong_is_all_finnish(name: str) -> None:
    inputs, findings = of_case("fi", name)
    assert inputs is not None
    results = compute_results(inputs, findings)
    assert untranslated(results) == set()
    if name == "figures":
        assert {"M01", "M02", "M03", "M04", "M05"} <= {f.code for f in results.findings}


@takes_minutes
@pytest.mark.parametrize("name", CASES)
def test_a_finding_is_the_same_in_finnish_in_other_words(name: str) -> None:
    english, finnish = of_case("en", name)[1], of_case("fi", name)[1]
    assert finnish.language == "fi"
    assert [(f.code, f.severity, f.sheet, f.cell, f.count) for f in finnish] == [
        (f.code, f.severity, f.sheet, f.cell, f.count) for f in english
    ]
    for before, after in zip(said(english), said(finnish), strict=True):
        assert all(one != other for one, other in zip(before, after, strict=True))
    assert [f.what for f in english] == [f.what for f in finnish]  # which are the same until they are said


def test_texts_that_are_the_same_in_both_languages_are_named() -> None:
    same = {text for text, said in pairs("fi") if text == said}
    assert {text for text in same if re.search("[A-Za-z]", re.sub("{[^}]*}", "", text))} <= SAME


# --- the language that marks each text ----------------------------------------------------------------


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(LANGUAGES, "marked", Language("marked", Marked))
    return "marked"


def unmarked(text: str, known: set[str]) -> str:
    """What of a text is neither marked nor from the tables: its letters."""
    while (inner := re.sub("«[^«»]*»|⟦[^⟦⟧]*⟧", "", text)) != text:
        text = inner
    for word in sorted(known, key=len, reverse=True):
        text = text.replace(word, "") if word else text
    return "".join(re.findall(r"[^\W\d_]+", text))


@pytest.mark.parametrize("name", few(SHOWN, "R34", "figures"))
def test_every_text_that_is_not_from_the_tables_is_marked(
    name: str, marked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xlprofit.headings.language_of", lambda settings: marked)
    inputs, findings = check_tables(case(name))
    assert inputs is not None
    results = compute_results(replace(inputs, settings=replace(inputs.settings, language=marked)), findings)
    known = inputs_of(results)
    with speaking(marked):
        left = {text: unmarked(text, known) for text in texts(every_sheet(results))}
    place = re.compile(r"(\w+!)?[A-Z]{1,3}[0-9]+")  # a cell, or a finding's code
    assert {text: rest for text, rest in left.items() if rest and not place.fullmatch(text)} == {}


@pytest.mark.parametrize("name", CASES)
def test_every_finding_is_marked(name: str, marked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xlprofit.headings.language_of", lambda settings: marked)
    for what, why, fix in said(check_tables(case(name))[1]):
        assert re.fullmatch("«.*»", why) and re.fullmatch("«.*»", fix)
        assert "«" in what


def test_a_finnish_workbook_is_refreshed_again_and_cleared(tmp_path: Path) -> None:
    """Its sheets are found again under names with letters that English has not."""
    book = xlprofit.new(tmp_path / "kirja.xlsx", language="fi", template="wholesale")
    xlprofit.refresh(book)
    first = book.read_bytes()
    assert xlprofit.refresh(book).losses == ()
    assert book.read_bytes() == first
    assert xlprofit.clear(book).removed["Sales"] == 322
