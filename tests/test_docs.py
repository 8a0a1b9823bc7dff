"""The documents are true: their code runs, their commands exist, their pages are what the code makes."""

from __future__ import annotations

import doctest
import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer.main

import xlprofit
from xlprofit import cli
from xlprofit.formulas import REGISTRY
from xlprofit.tables import TABLES

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
PYTHON = ROOT / "docs" / "python.md"
PAGES = sorted([README, *(ROOT / "docs").glob("*.md")])
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: Path, *languages: str) -> list[str]:
    """Return the code blocks of a page in some languages."""
    return [
        body for language, body in FENCE.findall(page.read_text(encoding="utf-8")) if language in languages
    ]


def _generate() -> ModuleType:
    """Load the script that makes the pages; its folder is no package."""
    spec = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


GENERATE = _generate()


def _commands(command: Any, name: str = "xlprofit") -> Iterator[tuple[str, Any]]:
    """Yield every command with its full name, those under others too."""
    yield name, command
    for sub, inner in getattr(command, "commands", {}).items():
        yield from _commands(inner, f"{name} {sub}")


COMMANDS = dict(_commands(typer.main.get_command(cli.app)))


# --- what runs ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_python_of_a_page_runs_as_it_is_shown(page: Path) -> None:
    written = [body for body in blocks(page, "python", "pycon") if ">>> " in body]
    if page == PYTHON:
        assert written
    examples = doctest.DocTestParser().get_doctest("\n".join(written), {}, page.name, str(page), 0)
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    runner.run(examples, out=said.append)
    assert not runner.failures, "".join(said)
    assert runner.tries == len(examples.examples)


def typed(page: Path) -> Iterator[str]:
    """Yield the xlprofit commands that a page shows: after a prompt, or in a block of shell."""
    for body in blocks(page, "text", "console"):
        for line in body.splitlines():
            if found := re.match(r"[$>] +(?:uv run )?(xlprofit\b.*)", line):
                yield found[1]
    for body in blocks(page, "sh", "bash", "shell"):
        for line in body.splitlines():
            yield from re.findall(r"(?:^|; |&& |uv run )(xlprofit\b[^;&]*)", line)


def test_the_readme_begins_with_two_sentences_a_picture_and_the_two_commands() -> None:
    text = README.read_text(encoding="utf-8")
    opening, picture, rest = text.removeprefix("# xlprofit\n").partition("![")
    assert picture
    assert len(re.findall(r"\.\s", re.sub(r"\]\([^)]*\)", "", opening).replace("**", ""))) == 2
    assert rest.index("docs/images/dashboard.png") < rest.index("```")
    first = blocks(README, "sh")[0]
    assert text.index(first) == text.index("```sh\n") + len("```sh\n")
    assert re.search(r"^pip install uv; uv run xlprofit demo\b", first, re.MULTILINE)
    assert re.search(r"^pip install uv; uv run pytest\b", first, re.MULTILINE)


def test_the_readme_has_three_ways_in_of_about_ten_lines() -> None:
    ways = re.split(r"^## ", README.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:4]
    assert [way.splitlines()[0] for way in ways] == ["A formula", "A button", "Headless"]
    for way in ways:
        assert 5 <= len([line for line in way.splitlines()[1:] if line and "```" not in line]) <= 14


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_page_shows_is_one(page: Path) -> None:
    shown = [line.split("#")[0].split() for line in typed(page)]
    if page == README:
        assert len(shown) >= 5
    for words in shown:
        plain = [w for w in words if not w.startswith("-")]
        name = next(
            (" ".join(plain[:n]) for n in range(len(plain), 0, -1) if " ".join(plain[:n]) in COMMANDS), ""
        )
        assert name != "", f"there is no command {words}"
        if name == "xlprofit":
            assert len(plain) == 1, f"there is no command {words}"
        known = {option for p in COMMANDS[name].params for option in p.opts} | {"--help"}
        for option in (w for w in words if w.startswith("-")):
            assert option.split("=")[0] in known, f"{name} has no option {option}"


# --- what is made ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(GENERATE.PAGES))
def test_a_made_page_is_up_to_date(name: str) -> None:
    made, page = GENERATE.PAGES[name](), (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert page == made, f"docs/{name} is old: uv run python docs/generate.py"


# --- what is mentioned -------------------------------------------------------------------------------


def everything() -> str:
    """Return the text of every page."""
    return "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


@pytest.mark.parametrize("name", xlprofit.__all__)
def test_every_public_name_is_documented(name: str) -> None:
    assert re.search(rf"\b{name}\b", everything())
    assert getattr(xlprofit, name).__doc__


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_and_option_is_documented(name: str) -> None:
    text = everything()
    assert name in text
    for parameter in COMMANDS[name].params:
        if parameter.param_type_name == "option":
            for option in parameter.opts:
                assert option in text, f"{name} {option}"
        else:
            assert (parameter.metavar or parameter.name.upper()).strip("{}[].…") in text, (
                f"{name}: {parameter.name}"
            )


@pytest.mark.parametrize("name", list(REGISTRY))
def test_every_formula_is_documented(name: str) -> None:
    assert f"## {name}" in everything()


def test_every_result_is_in_the_table_of_its_page() -> None:
    text = PYTHON.read_text(encoding="utf-8")
    for name in (
        *("ledger", "customers", "pnl", "cost_to_serve", "capacity", "whale", "checks", "explain"),
        *("trends", "credit", "service", "prospects", "referrals", "decisions"),
    ):
        assert re.search(rf"`\.{name}\b", text), name


LINK = re.compile(r"\]\(([^)#\s]+)(#[^)\s]*)?\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_to_a_file(page: Path) -> None:
    for target, _ in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} leads to {target}"


def test_the_method_page_says_what_is_assumed_where_a_column_is_missing() -> None:
    page = (ROOT / "docs" / "method.md").read_text(encoding="utf-8")
    said = re.findall(r"^\| (\w+) \| (\w+) \| ([^|]+) \| [^|]+ \|$", page, re.MULTILINE)
    assumed = [(t.name, c.name, c.assumed) for t in TABLES.values() for c in t.columns if c.assumed]
    assert said[1:] == assumed
