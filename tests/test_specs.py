"""Every fact about a table stands on its specification: no other module lists tables of its own."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from tests.trees import list_modules, list_nodes, name_module
from xlprofit.tables import TABLES

ALLOWED = {
    "standalone.py": "the tables that price what a prospect needs, kept when prospects are screened alone",
    **dict.fromkeys(
        (
            "importing/proposals/assembly.py",
            "importing/exports/derivation.py",
            "importing/proposals/likeness.py",
            "importing/exports/matching.py",
            "importing/proposals/proposal.py",
            "importing/proposals/subjects.py",
        ),
        "what the contents of an export may mean: a guess about customers or money, by rules of the table's own",
    ),
    "importing/exports/names.py": (
        "words of other programs and languages, too vague for a sheet that is filled in by hand"
    ),
    "importing/intake.py": "the tables of a small workbook that is written anew, not a choice among tables",
    "sheets/left_out.py": "which question each table would answer, in the words of the Dashboard",
    "samples/demo/__init__.py": "the generator makes each table by a function of its own",
    "samples/year.py": "the generator makes each table by a function of its own",
}
"""Modules in which a collection may name several tables, and why."""


def collections_of_tables(nodes: Iterable[ast.AST]) -> Iterator[tuple[int, set[str]]]:
    """Yield the line and the tables of each literal collection that names two or more of them."""
    for node in nodes:
        if isinstance(node, ast.Dict):
            items = [key for key in node.keys if key is not None]
        elif isinstance(node, ast.Tuple | ast.List | ast.Set):
            items = node.elts
        else:
            continue
        inner = [part for item in items for part in (item.elts if isinstance(item, ast.Tuple) else [item])]
        named = {part.value for part in inner if isinstance(part, ast.Constant) and part.value in TABLES}
        if len(named) > 1:
            yield node.lineno, named


def test_no_module_lists_tables_of_its_own() -> None:
    found = {}
    for path in list_modules():
        name = name_module(path)
        if not name.startswith("tables/"):
            places = list(collections_of_tables(list_nodes(path)))
            if places:
                found[name] = places
    assert {name: places for name, places in found.items() if name not in ALLOWED} == {}
