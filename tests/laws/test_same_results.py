"""The same tables give the same results, bit for bit: whatever the order of their rows, and in whatever language."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pytest

import xlprofit
from tests.needs import takes_minutes
from xlprofit import samples
from xlprofit.languages import LANGUAGES
from xlprofit.sheets import book, names
from xlprofit.words.sheets import say_sheets
from xlprofit.words.speech import say, speaking

pytestmark = takes_minutes

Tables = Mapping[str, pd.DataFrame]


def figures(tables: Tables) -> dict[tuple[int, str, str], list[object]]:
    """Return the figures of all sheets but the checks: by the sheet's place, table and column, in the order of rows.

    Of the texts those that are the user's own: names.
    """
    results = xlprofit.analyze(tables)
    sheets = say_sheets(book.describe_refreshed_sheets(results), results.findings.language)
    with speaking(results.findings.language):
        checks = say(names.translate_sheet_name(names.CHECKS))
    found: dict[tuple[int, str, str], list[object]] = {}
    for place, sheet in enumerate(sheets):
        if sheet.name != checks:
            found |= {
                (place, table.name, column.key): [
                    value.hex() if isinstance(value, float) else value
                    for value in column.values
                    if not isinstance(value, str) or column.key in ("customer", "referrer", "resource")
                ]
                for table in sheet.tables
                for column in table.columns
            }
            single = [cell.value for cell in sheet.cells if isinstance(cell.value, float)]
            found[place, "cells", ""] = [value.hex() for value in single]
    return found


def speak(tables: Tables, language: str) -> dict[str, pd.DataFrame]:
    """Return the tables with results asked for in a language."""
    settings = tables["Settings"]
    settings = settings[settings["setting"] != "language"]
    asked = pd.DataFrame({"setting": ["language"], "value": [language]})
    return {**tables, "Settings": pd.concat([settings, asked], ignore_index=True)}


@pytest.fixture(scope="module", params=["demo", "wholesale", "subscription"])
def tables(request: pytest.FixtureRequest, company: Tables) -> Tables:
    return company if request.param == "demo" else samples.tables(request.param)


@pytest.fixture(scope="module")
def expected(tables: Tables) -> dict[tuple[int, str, str], list[object]]:
    found = figures(tables)
    assert sum(map(len, found.values())) > 1_000
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_the_order_of_the_rows(
    seed: int, tables: Tables, expected: dict[tuple[int, str, str], list[object]]
) -> None:
    shuffled = {name: frame.sample(frac=1.0, random_state=seed) for name, frame in tables.items()}
    assert figures(shuffled) == expected


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_whatever_the_language(
    language: str, tables: Tables, expected: dict[tuple[int, str, str], list[object]]
) -> None:
    told = figures(speak(tables, language))
    assert {key: len(values) for key, values in told.items()} == {k: len(v) for k, v in expected.items()}
    assert {key: values for key, values in told.items() if values != expected[key]} == {}
