"""Every test can fail: it asserts something, itself or in a function of the tests that it calls."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent

Function = ast.FunctionDef | ast.AsyncFunctionDef

ANY_ERROR = {"Exception", "BaseException"}
"""What raises one of these may have failed for any reason: its text must be looked at."""


def asserts(function: Function) -> bool:
    """Return whether a function asserts something itself."""
    return any(_is_assertion(node) for node in ast.walk(function))


def _is_assertion(node: ast.AST) -> bool:
    if isinstance(node, ast.Assert):
        return not isinstance(node.test, ast.Constant)
    if isinstance(node, ast.Call):
        name = ast.unparse(node.func)
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


def _find_functions(tree: ast.Module) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def _find_calls(function: Function) -> Iterator[tuple[str, bool]]:
    """Yield the name of each function called, and whether it is called as an attribute of something."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id, False
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr, True


def _find_imported(tree: ast.Module) -> set[str]:
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tests")
        for alias in node.names
    }


def find_tests_without_assertion() -> Iterator[str]:
    """Yield the tests that assert nothing, nor call a function of the tests that does."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(TESTS.rglob("*.py"))}
    by_file = {path: {f.name for f in _find_functions(tree) if asserts(f)} for path, tree in trees.items()}
    anywhere = set().union(*by_file.values())
    for path, tree in trees.items():
        near = by_file[path] | (anywhere & _find_imported(tree))
        for function in _find_functions(tree):
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
