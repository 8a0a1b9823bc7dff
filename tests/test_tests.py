"""Every test can fail: it asserts something, itself or in a function that it calls; and no test says a sentence."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import xlprofit
from tests.trees import find_called_name, list_nodes

TESTS = Path(__file__).parent

Function = ast.FunctionDef | ast.AsyncFunctionDef

ANY_ERROR = {"Exception", "BaseException"}
"""What raises one of these may have failed for any reason: its text must be looked at."""


@cache
def asserts(function: Function) -> bool:
    """Return whether a function asserts something itself."""
    return any(_is_assertion(node) for node in ast.walk(function))


def _is_assertion(node: ast.AST) -> bool:
    if isinstance(node, ast.Assert):
        return not isinstance(node.test, ast.Constant)
    if isinstance(node, ast.Call):
        name = find_called_name(node.func)
        if name.rpartition(".")[2] in {"raises", "warns"} and name.startswith("pytest."):
            return _is_specific(node)
        return name == "pytest.fail" or name.rpartition(".")[2].startswith("assert_")
    return False


def _is_specific(raises: ast.Call) -> bool:
    """Return whether ``pytest.raises`` says which error it means: by its class, or by its text."""
    named = {
        inner.id for argument in raises.args for inner in ast.walk(argument) if isinstance(inner, ast.Name)
    }
    return not named & ANY_ERROR or any(keyword.arg == "match" for keyword in raises.keywords)


def _find_functions(path: Path) -> Iterator[Function]:
    return (node for node in list_nodes(path) if isinstance(node, Function))


def _find_calls(function: Function) -> Iterator[tuple[str, bool]]:
    """Yield the name of each function called, and whether it is called as an attribute of something."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id, False
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr, True


def _find_imported(path: Path) -> set[str]:
    return {
        alias.asname or alias.name
        for node in list_nodes(path)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tests")
        for alias in node.names
    }


def find_tests_without_assertion() -> Iterator[str]:
    """Yield the tests that assert nothing, nor call a function of the tests that does."""
    paths = sorted(TESTS.rglob("*.py"))
    by_file = {path: {f.name for f in _find_functions(path) if asserts(f)} for path in paths}
    anywhere = set().union(*by_file.values())
    for path in paths:
        near = by_file[path] | (anywhere & _find_imported(path))
        for function in _find_functions(path):
            is_test = function.name.startswith("test_") and path.name.startswith("test_")
            if not is_test or asserts(function):
                continue
            if not any(
                name in (anywhere if attribute else near) for name, attribute in _find_calls(function)
            ):
                yield f"{path.relative_to(TESTS)}::{function.name}"


def test_every_test_asserts_something() -> None:
    assert list(find_tests_without_assertion()) == []


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("assert x == 1", True),
        ("assert True", False),
        ("run()", False),
        ("with pytest.raises(FileError):\n  run()", True),
        ("with pytest.raises(Exception):\n  run()", False),
        ("with pytest.raises((ValueError, Exception)):\n  run()", False),
        ("with pytest.raises(Exception, match='x'):\n  run()", True),
        ("pd.testing.assert_frame_equal(a, b)", True),
        ("for x in y:\n  if x:\n    pytest.fail('x')", True),
    ],
)
def test_what_counts_as_asserting(body: str, says: bool) -> None:
    function = ast.parse("def test_x():\n" + "".join(f"    {line}\n" for line in body.splitlines())).body[0]
    assert isinstance(function, ast.FunctionDef)
    assert asserts(function) is says


# --- sentences stand in one snapshot a language --------------------------------------------------------

WORD = re.compile(r"[^\W\d_][\w.’'-]*")
WORDS_OF_A_PHRASE = 4
"""So many words in a row that a text of the package has too are a sentence of its, not a name or a figure."""

SNAPSHOTS = {"wording"}
"""Folders of tests in which sentences may stand: there one is bettered."""

OWN_WORDS = {"witness", "mishaps"}
"""Folders whose sentences are no user's: what a witness says of a part, or a harness of a run."""

GIVEN = {
    "Cost of goods sold",  # a header of an input, which is read
    "a year from now",  # an argument of a formula, which is read
    "run rate with trend",  # a method of a forecast, which is a code too
    "date=%d/%m/%Y",  # an option of a source, which is read
    "delimiter=Tab decimal=comma date=%d.%m.%y encoding=cp1252 engine=DuckDB memory=1.5GB master=yarn",
}
"""Texts that a test gives to the package, which says the same words somewhere."""


def _list_phrases(text: str) -> Iterator[tuple[str, ...]]:
    """Yield each row of words of a text, without what stands in braces and brackets of a pattern."""
    for piece in re.split(r"\{[^}]*\}|\.[*+]|\\S\+", text.replace("\\", "")):
        words = [word.rstrip(".'’-").casefold() for word in WORD.findall(piece)]
        yield from zip(*(words[n:] for n in range(WORDS_OF_A_PHRASE)), strict=False)


@cache
def _list_known_phrases() -> frozenset[tuple[str, ...]]:
    """Return the phrases of every text of the catalogues, in English and in each language of a translation."""
    texts: set[str] = set()
    for path in (Path(xlprofit.__file__).parent / "locale").glob("*/LC_MESSAGES/*.po"):
        with path.open("rb") as file:
            for message in read_po(file):
                for said in (message.id, message.string):
                    texts.update([said] if isinstance(said, str) else said or ())
    return frozenset(phrase for text in texts for phrase in _list_phrases(text))


def find_sentences(nodes: Sequence[ast.AST]) -> Iterator[tuple[int, str]]:
    """Yield the texts among the nodes of a module that hold a phrase of a sentence of the package, each with its line.

    What describes is none: docstrings, the keys of dictionaries (they name cases), and why a test is skipped.
    """
    described = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
        if isinstance(node, ast.Dict):
            described |= {id(key) for key in node.keys}
        elif isinstance(node, ast.keyword) and node.arg in {"reason", "ids"}:
            described |= {id(inner) for inner in ast.walk(node.value)}
    for node in nodes:
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in described:
            continue
        if node.value not in GIVEN and not _list_known_phrases().isdisjoint(_list_phrases(node.value)):
            yield node.lineno, node.value


def test_no_test_says_a_sentence_of_the_package() -> None:
    """A sentence can be bettered in one place: tests pin figures, names, cells and codes."""
    said = [
        f"{path.relative_to(TESTS)}:{line}: {text}"
        for path in sorted(TESTS.rglob("*.py"))
        if path.parent.name not in SNAPSHOTS | OWN_WORDS and path != Path(__file__)
        for line, text in find_sentences(list_nodes(path))
    ]
    assert said == []


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("assert 'control totals ' 'tie out' in x", True),
        ("assert f'{n} of {m} control totals tie out' in x", True),
        ("match=r'control totals tie out\\.'", True),
        ("CASES = {'a': ('tottele', 'kontrollisummaa täsmää')}", False),
        ("CASES = {'control totals tie out': 1}", False),
        ('"Control totals tie out, it says"', False),
        ("assert 'control totals' in x", False),
        ("assert read_figures(x) == [2.0]", False),
    ],
)
def test_what_counts_as_a_sentence(body: str, says: bool) -> None:
    assert bool(list(find_sentences([*ast.walk(ast.parse(body))]))) is says
