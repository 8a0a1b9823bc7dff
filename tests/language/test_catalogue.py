"""The catalogues: complete, current, and of the same figures in every language."""

from __future__ import annotations

import ast
import datetime as dt
from string import Formatter

import pytest
from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent, get_minus_sign_symbol

from tests.language.catalogue import script
from tests.trees import list_modules, list_nodes, name_module
from xlprofit.headings import header_keys, known_keys
from xlprofit.languages import LANGUAGES, list_terms
from xlprofit.tables import SETTINGS, TABLES, header_key
from xlprofit.words.speech import _, _n, number, speaking

OTHERS = [code for code, language in LANGUAGES.items() if language.catalogue is not None]


def catalogue(code: str) -> Catalog:
    with script().path(code).open("rb") as file:
        return read_po(file, locale=code)


def pairs(code: str) -> list[tuple[str, str]]:
    """Every text with its translation; singulars and plurals each by itself."""
    found = []
    for message in catalogue(code):
        if message.id:
            ids = [message.id] if isinstance(message.id, str) else list(message.id)
            said = [message.string] if isinstance(message.string, str) else list(message.string or ())
            found += list(zip(ids, said, strict=True))
    return found


def fields(text: str) -> list[tuple[str, str]]:
    """The figures of a text with the form of each, sorted."""
    return sorted(
        (name, form or "") for _text, name, form, _mark in Formatter().parse(text) if name is not None
    )


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_is_translated_and_none_is_left_over(code: str) -> None:
    catalog, missing = script().updated(code)
    assert missing == []
    assert script().path(code).read_bytes() == script().written(catalog), "run translations/update.py"
    assert not any(message.fuzzy for message in catalogue(code))


def test_no_two_plurals_share_a_singular_by_which_gettext_would_take_one_for_the_other() -> None:
    plurals: dict[str, set[str]] = {}
    for text in (text for _kind, text, _file in script().texts()):
        if isinstance(text, tuple):
            plurals.setdefault(text[0], set()).add(text[1])
    assert {one: many for one, many in plurals.items() if len(many) > 1} == {}


@pytest.mark.parametrize("code", OTHERS)
def test_the_compiled_catalogue_is_that_of_the_texts(code: str) -> None:
    assert script().path(code, "mo").read_bytes() == script().compiled(catalogue(code))


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_has_the_figures_of_its_text_and_else_only_names_of_tables(code: str) -> None:
    own = set(TABLES) | {f"{t.name}.{c.name}" for t in TABLES.values() for c in t.columns}
    for text, said in pairs(code):
        given = set(fields(text))
        told = set(fields(said))
        assert {f for f in given if f[0] not in own} == {f for f in told if f[0] not in own}, text
        assert {name for name, _form in given if name in own} <= {name for name, _form in told}, text


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_begins_and_ends_as_its_text_does(code: str) -> None:
    for text, said in pairs(code):
        assert (text[:1].isspace(), text[-1:].isspace()) == (said[:1].isspace(), said[-1:].isspace()), text
        assert (text[-1:] == ".") == (said[-1:] == "."), text


def find_reused_name(function: ast.FunctionDef) -> bool:
    """Return whether a function calls ``_`` and gives that name to something else, but in a generator of its own."""
    nodes = list(ast.walk(function))
    if not any(isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == "_" for n in nodes):
        return False
    own = {id(n) for part in nodes if isinstance(part, ast.GeneratorExp) for n in ast.walk(part)}
    stored = [n for n in nodes if isinstance(n, ast.Name) and n.id == "_" and isinstance(n.ctx, ast.Store)]
    return any(id(n) not in own for n in stored)


def test_whoever_translates_a_text_does_not_use_its_name_for_something_else() -> None:
    found = [
        (name_module(path), node.name)
        for path in list_modules()
        for node in list_nodes(path)
        if isinstance(node, ast.FunctionDef) and find_reused_name(node)
    ]
    assert found == []
    both = ast.parse("def f(x):\n    _, y = x\n    return _('Sales')").body[0]
    assert isinstance(both, ast.FunctionDef)
    assert find_reused_name(both)


# --- numbers and days as the language writes them, held against Unicode's CLDR ------------------------


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("value", [0.0, 1.5, 1234.5, -1234567.891, 12.0])
def test_numbers_are_written_as_the_cldr_has_them(code: str, value: float) -> None:
    percent = "#,##0.0\u00a0%" if code == "fi" else "#,##0.0%"
    minus = get_minus_sign_symbol(code)
    with speaking(code):
        told = number(value, ",.2f"), number(value, ",.1%")
    assert told == (
        format_decimal(value, "#,##0.00", locale=code).replace("-", minus),
        format_percent(value, percent, locale=code).replace("-", minus),
    )


def test_a_day_is_written_as_the_cldr_has_it() -> None:
    day = dt.date(2024, 3, 1)
    with speaking("fi"):
        assert _("{day:%Y-%m-%d} is before {year}", day=day, year="1900").startswith(
            format_date(day, "short", locale="fi")
        )


def test_a_finnish_count_is_in_the_partitive() -> None:
    with speaking("fi"):
        one, two = (_n("{n:,} error", "{n:,} errors", n) for n in (1, 1200))
    assert (one, two) == ("1 virhe", "1\u00a0200 virhettä")


# --- names ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES)
def test_no_two_columns_of_a_table_share_a_header_in_any_language(table: str) -> None:
    seen: dict[str, str] = {}
    for column in TABLES[table].columns:
        for key in header_keys(table, column.name):
            assert seen.setdefault(key, column.name) == column.name
    for column in TABLES[table].columns:
        for key in known_keys(table, column):
            assert seen.get(key, column.name) == column.name, (column.name, key)


def test_every_table_and_setting_has_a_name_of_its_own_in_every_language() -> None:
    for kind, names in (("table", TABLES), ("setting", SETTINGS)):
        keys = [header_key(word) for name in names for word in list_terms(kind, name)]
        assert len(keys) == len(set(keys))


@pytest.mark.parametrize("code", OTHERS)
def test_names_fit_where_excel_keeps_them(code: str) -> None:
    with speaking(code):
        from xlprofit.words import sheet_names as names

        for name in (*names.order(), *(list_terms("table", t)[-1] for t in TABLES)):
            assert 0 < len(name) <= 31 and not set(name) & set("[]:*?/\\'")
