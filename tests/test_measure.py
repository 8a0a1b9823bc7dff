"""The measuring of the tree, on a tree small enough to be measured by hand."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.measure import Figure, count_body_lines, count_branches, is_bare_participle, main, measure
from tests.needs import takes_minutes

SMALL = {
    "cli.py": 'from small import words\n\n\ndef run_all(a: int) -> int:\n    """Do."""\n    return a\n',
    "words.py": "def _made(x):\n    return x\n",
    "rules/__init__.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from small import cli\n",
    "rules/one.py": "from small.rules.two import _key\n\n\ndef _key(): ...\n",
    "rules/two.py": "from ..words import _made\n\n\ndef _key() -> None:\n    from small import cli\n",
    "rules/held.py": "from dataclasses import dataclass\n\n\n@dataclass\nclass Held:\n    x: int\n",
}


@pytest.fixture
def small(tmp_path: Path) -> dict[str, Figure]:
    for name, text in SMALL.items():
        path = tmp_path / "small" / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_x.py").write_text("\n\n", encoding="utf-8")
    return {figure.name: figure for figure in measure(tmp_path, "small")}


@pytest.mark.parametrize(
    ("name", "value", "offenders"),
    [
        ("modules / lines with tests", "6 / 28", []),
        ("file lines median / p90 / max", "4 / 6 / 6", []),
        ("functions typed", "50.0 %", ["small.rules.one:4 _key", "small.words:1 _made"]),
        ("frozen dataclasses", "0 of 1", ["small.rules.held:5 Held"]),
        ("function names in several modules", "1 of 3", ["_key: small.rules.one, small.rules.two"]),
        ("functions named by a bare participle", "1 of 4", ["small.words:1 _made"]),
        ("complexity mean / share over 10", "1.0 / 0.0 %", []),
        ("import depth", "3", ["rules.one > rules.two > words"]),
        ("import cycles", "0", []),
        ("modules that import a language", "1", ["small.rules.two: small.words"]),
    ],
)
def test_a_small_tree_is_measured(
    small: dict[str, Figure], name: str, value: str, offenders: list[str]
) -> None:
    assert (small[name].value, list(small[name].offenders)) == (value, offenders)


def test_a_class_of_several_modules_is_named(tmp_path: Path) -> None:
    (tmp_path / "twice").mkdir()
    for name in ("a", "b"):
        (tmp_path / "twice" / f"{name}.py").write_text("class Held: ...\nclass Of" + name + ": ...\n")
    figures = {figure.name: figure for figure in measure(tmp_path, "twice")}
    found = figures["class names in several modules"]
    assert (found.value, list(found.offenders)) == ("1 of 3", ["Held: twice.a, twice.b"])


def test_a_circle_of_imports_is_found(tmp_path: Path) -> None:
    (tmp_path / "round").mkdir()
    (tmp_path / "round" / "a.py").write_text("from round import b", encoding="utf-8")
    (tmp_path / "round" / "b.py").write_text("import round.a", encoding="utf-8")
    figures = {figure.name: figure for figure in measure(tmp_path, "round")}
    assert figures["import cycles"].offenders == ["round.a round.b"]
    assert figures["import depth"].value == "2"


def test_ways_and_lines_are_those_of_the_body() -> None:
    text = '''
def f(x):
    """Two
    lines."""
    assert x
    for i in [y for y in x if y and i or z]:
        try:
            pass
        except ValueError:
            pass
        else:
            pass
    match x:
        case 1:
            return 1 if x else 2
        case _:
            def g():
                if x: ...
'''
    function = ast.parse(text).body[0]
    assert isinstance(function, ast.FunctionDef)
    # assert 1, for 1, comprehension 1 + its if 1, `and` and `or` 2, except and else 2, one case, one IfExp
    assert count_branches(function) == 1 + 1 + 1 + 2 + 2 + 2 + 1 + 1
    assert count_body_lines(function) == 14


def test_a_bare_participle_is_one_word() -> None:
    words = ("_made", "summed", "told", "sum_rows", "summed_rows", "read", "feed", "red")
    assert [is_bare_participle(word) for word in words] == [True, True, True, *[False] * 5]


@takes_minutes
def test_the_table_of_this_tree_is_printed_with_a_list(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--list", "chain"])
    said = capsys.readouterr().out
    assert said.startswith("|") and "tea-tasting" in said
    assert said.split("\n\n")[1].startswith("chain: 1\n  ")
