"""Words by which inputs are read stand in the files of the languages: no list of them is in Python."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache

import pytest

from tests.trees import PACKAGE, find_called_name, list_modules, list_nodes, name_module
from xlprofit.languages import list_codes, read_facts

FEWEST = 3
"""Words of other languages in one statement, or alternatives of a pattern that are words, that are a list of words."""

ELSEWHERE = ("samples/", "locale/", "languages/")
"""What is no code, and the names of the sample companies, which are Finnish."""

SYNONYMS = "tables/"
"""Headers of a column stand on the specification of its table, by language."""

_WORD = re.compile(r"[^\W\d_]{4,}")
_ALTERNATIVES = re.compile(r"(?:^|[|(:])\s*([^\W\d_][\w ]{2,})(?=[|)?*\\]|$)")


def _list_texts(found: object) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict):
        for part in found.values():
            yield from _list_texts(part)
    elif isinstance(found, list):
        for part in found:
            yield from _list_texts(part)


def _list_words(code: str) -> set[str]:
    facts = read_facts(code)
    texts = [*_list_texts(facts.get("reading", {})), *_list_texts(facts.get("headers", {}))]
    return {word for text in texts for word in _WORD.findall(text.casefold())}


@cache
def list_foreign_words() -> frozenset[str]:
    """Words of four letters and more that other languages have and English, as the package writes it, has not."""
    told: Counter[str] = Counter()
    for path in list_modules():
        documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
        for node in (node for node in list_nodes(path) if isinstance(node, documented)):
            told.update(set(_WORD.findall((ast.get_docstring(node) or "").casefold())))
    english = _list_words("en") | {word for word, times in told.items() if times > FEWEST}
    return frozenset(word for code in list_codes()[1:] for word in _list_words(code)) - english


def _list_literals(statement: ast.AST) -> Iterator[str]:
    """Yield the texts of a statement that are no docstrings of what is in it."""
    said = {id(node.value) for node in ast.walk(statement) if isinstance(node, ast.Expr)}
    for node in ast.walk(statement):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value


def _list_patterns(statement: ast.AST) -> Iterator[str]:
    """Yield the patterns of texts, not of bytes or of what XML calls its elements, that a statement compiles."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Call) and find_called_name(node.func).startswith("re.") and node.args:
            pattern = "".join(_list_literals(node.args[0]))
            if "<(" not in pattern:
                yield pattern


def find_word_lists(code: str) -> list[tuple[int, list[str]]]:
    """Return the lines of the statements of a text that list words of natural languages, with what they list."""
    return _find_word_lists_among(ast.walk(ast.parse(code)))


def _find_word_lists_among(nodes: Iterable[ast.AST]) -> list[tuple[int, list[str]]]:
    found = []
    for statement in nodes:
        if not isinstance(statement, ast.Assign | ast.AnnAssign | ast.Return | ast.Expr | ast.Dict):
            continue
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue
        words = {word for text in _list_literals(statement) for word in _WORD.findall(text.casefold())}
        listed = sorted(words & list_foreign_words())
        spelt = [word for pattern in _list_patterns(statement) for word in _ALTERNATIVES.findall(pattern)]
        if len(listed) >= FEWEST or len(set(spelt)) > FEWEST:
            found.append((statement.lineno, listed or spelt))
    return found


def test_no_list_of_words_stands_in_python() -> None:
    read = [path for path in list_modules() if not name_module(path).startswith((*ELSEWHERE, SYNONYMS))]
    assert len(read) > 300
    listed = {name_module(path): _find_word_lists_among(list_nodes(path)) for path in read}
    assert {name: found for name, found in listed.items() if found} == {}


def test_in_the_specifications_words_are_synonyms_or_choices_alone() -> None:
    """A table's headers in other languages are given by language; there is no list of words beside them."""
    for path in sorted((PACKAGE / "tables").glob("*.py")):
        for node in list_nodes(path):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in (
                "frozenset",
                "split_words",
            ):
                assert find_word_lists(ast.unparse(node)) == [], path.name


@pytest.mark.parametrize(
    ("code", "seen"),
    [
        ('CREDITS = frozenset(("gutschrift", "hyvityslasku", "kreditnota"))', True),
        ('NAMES = {"a": "umsatz umsätze myynti försäljning"}', True),
        ('OPEN = re.compile(r"outstanding|unpaid|still due|remaining")', True),
        ('KINDS = ("stop", "error", "warning", "note")', False),
        ('ROW = re.compile(r"r=(?P<row>[0-9]+)|s=(?P<style>[0-9]+)")', False),
        ('"""gutschrift, hyvityslasku, kreditnota"""', False),
    ],
)
def test_what_counts_as_a_list_of_words(code: str, seen: bool) -> None:
    assert bool(find_word_lists(code)) == seen
