"""The page on import: every ready profile and every word of a profile is on it, and its own profile is one."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from tests.test_docs import ROOT, blocks
from xlprofit.importing.profiles.profile import (
    ColumnRule,
    RowCondition,
    TableRule,
    list_ready_profiles,
    parse_profile,
    write_profile,
)

PAGE = ROOT / "docs" / "import.md"
TEXT = PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", list(list_ready_profiles()))
def test_a_ready_profile_is_on_the_page_with_the_tables_that_it_makes(name: str) -> None:
    row = re.search(rf"^\| `{name}` \| [^|]+ \| ([^|]+) \|$", TEXT, re.MULTILINE)
    assert row is not None
    tables = dict.fromkeys(rule.table for rule in list_ready_profiles()[name].tables)
    assert row[1] == ", ".join(tables)


@pytest.mark.parametrize("kind", [TableRule, ColumnRule, RowCondition])
def test_every_word_of_a_profile_is_on_the_page(kind: type) -> None:
    words = {"headers": "header", "among": "is"}
    for field in fields(kind):
        assert f"`{words.get(field.name, field.name)}`" in TEXT, field.name


def test_the_profile_of_the_page_is_one() -> None:
    (shown,) = blocks(PAGE, "toml")
    assert write_profile(parse_profile(shown, "the page")) == shown


def test_every_ready_profile_says_by_what_it_is_recognised_and_where_its_export_is_made() -> None:
    for name, profile in list_ready_profiles().items():
        assert profile.name and profile.about, name
        assert profile.headers, name
