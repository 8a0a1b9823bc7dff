"""The modules of the package as trees: parsed and walked once, however many tests read them; nobody may change one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "xlprofit"


@cache
def list_modules() -> tuple[Path, ...]:
    """Return the files of the package's modules, sorted."""
    return tuple(sorted(PACKAGE.rglob("*.py")))


def name_module(path: Path) -> str:
    """Return what a file of the package is called below it, as ``analysis/credit.py``."""
    return path.relative_to(PACKAGE).as_posix()


@cache
def parse_module(path: Path) -> ast.Module:
    """Return the tree of a file, of the package or of the tests."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def list_nodes(path: Path) -> tuple[ast.AST, ...]:
    """Return every node of a file, outer ones first."""
    return tuple(ast.walk(parse_module(path)))


@cache
def list_imports(path: Path) -> tuple[str, ...]:
    """Return what a file imports, wherever in it, but for the types alone."""
    typing_only = {
        id(inner)
        for node in list_nodes(path)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    return tuple(
        name for node in list_nodes(path) if id(node) not in typing_only for name in _name_imported(node)
    )


def _name_imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def find_called_name(function: ast.expr) -> str:
    """Return the dotted name that a call goes by, empty where it is no plain name."""
    if isinstance(function, ast.Name):
        return function.id
    if isinstance(function, ast.Attribute):
        before = find_called_name(function.value)
        return f"{before}.{function.attr}" if before else f".{function.attr}"
    return ""
