"""No error and no finding is told in English alone: every text given to one is marked for the catalogues."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import xlprofit
from tests.bad_input.broken import BROKEN
from tests.language.catalogue import script
from tests.trees import list_modules, list_nodes, name_module, parse_module
from xlprofit.errors import FileError
from xlprofit.ooxml.read import read_input_tables
from xlprofit.words.complaints import say_error
from xlprofit.words.speech import say, speaking

MARKED = {"_", "_n", "phrase"}
"""What returns a text in the language spoken."""

TOLD = {"damaged": (1,), "told": (), "finding": (3, 4), "Check": (2, 3)}
"""Functions that make a message of their arguments, and which of those, counted from 0, are its texts."""

WORD = re.compile(r"[A-Za-z]{2,}")


def error_classes() -> set[str]:
    """The names of the errors that users see."""
    found = {"XlprofitError"}
    classes = [node for path in list_modules() for node in list_nodes(path) if isinstance(node, ast.ClassDef)]
    while more := {c.name for c in classes if {_name(b) for b in c.bases} & found} - found:
        found |= more
    return found


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


@dataclass(frozen=True)
class Place:
    """Where an expression stands: its function, its module, and the names already looked up on the way to it."""

    scope: ast.AST
    module: ast.Module
    seen: frozenset[str] = frozenset()

    def beyond(self, name: str, scope: ast.AST | None = None) -> Place:
        return Place(scope or self.scope, self.module, self.seen | {name})


def plain_texts(node: ast.AST, at: Place) -> Iterator[str]:
    """The texts of an expression that are not marked, those among them that its names stand for."""
    if isinstance(node, ast.Call):
        yield from _of_call(node, at)
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, str) and WORD.search(node.value):
            yield node.value
    elif isinstance(node, ast.Name):
        if node.id not in at.seen:
            for value in _assigned(node.id, at.scope) or _assigned(node.id, at.module, deep=False):
                yield from plain_texts(value, at.beyond(node.id))
    elif isinstance(node, ast.IfExp | ast.BinOp | ast.BoolOp | ast.JoinedStr | ast.FormattedValue):
        for field in ("body", "orelse", "left", "right", "values", "value"):
            part = getattr(node, field, None)
            for each in part if isinstance(part, list) else [part]:
                if isinstance(each, ast.AST):
                    yield from plain_texts(each, at)


def _of_call(node: ast.Call, at: Place) -> Iterator[str]:
    """The texts that a call returns: those its own function returns, or else those that it is made of."""
    called = _name(node.func)
    if called in MARKED or called in at.seen:
        return
    own = [f for f in at.module.body if isinstance(f, ast.FunctionDef) and f.name == called]
    for function in own:
        for inner in ast.walk(function):
            if isinstance(inner, ast.Return) and inner.value is not None:
                yield from plain_texts(inner.value, at.beyond(called, function))
    if isinstance(node.func, ast.Attribute) and not own:  # a method: what it is called on and given
        for part in (node.func.value, *(a for a in node.args if not isinstance(a, ast.Constant))):
            yield from plain_texts(part, at)
    for argument in node.args if called in ("str", "ValueError", "BadZipFile", "next") else ():
        yield from plain_texts(argument, at)


def _assigned(name: str, scope: ast.AST, *, deep: bool = True) -> list[ast.expr]:
    nodes = ast.walk(scope) if deep else iter(getattr(scope, "body", ()))
    return [
        node.value
        for node in nodes
        if isinstance(node, ast.Assign | ast.AugAssign)
        and node.value is not None
        and any(
            isinstance(target, ast.Name) and target.id == name
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        )
    ]


def unmarked(tree: ast.Module, classes: set[str]) -> Iterator[tuple[int, str]]:
    """The line and the text of each message that is not marked."""
    nodes = list(ast.walk(tree))
    functions = [f for f in nodes if isinstance(f, ast.FunctionDef)]
    for call in (node for node in nodes if isinstance(node, ast.Call)):
        name = _name(call.func)
        if name not in classes and name not in TOLD:
            continue
        if name == "UnknownNameError":
            continue  # its texts are its own
        texts = call.args if name in classes else [call.args[i] for i in TOLD[name] if i < len(call.args)]
        texts = [*texts, *(k.value for k in call.keywords if k.arg in ("what", "fix"))]
        inside = [f for f in functions if f.lineno <= call.lineno <= (f.end_lineno or 0)]
        scope = max(inside, key=lambda f: f.lineno) if inside else tree
        for text in texts:
            yield from ((call.lineno, plain) for plain in plain_texts(text, Place(scope, tree)))


def test_every_text_of_an_error_or_a_finding_is_marked() -> None:
    classes = error_classes()
    assert {"FileError", "SourceError", "StoppedError", "UnknownNameError"} <= classes
    found = {
        f"{name_module(path)}:{line}": text
        for path in list_modules()
        for line, text in unmarked(parse_module(path), classes)
    }
    assert found == {}


@pytest.mark.parametrize(
    "code",
    [
        'FileError(f"{path} is gone", _("Look"))',
        'FileError(_("Gone"), "Look for it")',
        'what = "It is gone"\n    FileError(what)',
        "FileError(_('Gone'), HINT)",
        'FileError(near(1))\n\ndef near(x):\n    return "Did you mean it?"',
        'damaged(path, ValueError("two parts"))',
        'finding("C01", "Sales", "A1", f"{n} rows")',
    ],
)
def test_a_text_that_is_not_marked_is_seen(code: str) -> None:
    tree = ast.parse(f'HINT = "Look again"\n\ndef f():\n    {code}\n')
    assert list(unmarked(tree, {"FileError"})) != []


def test_no_text_is_marked_within_an_f_string_in_which_none_is_looked_for() -> None:
    """Babel finds no call there: such a text reads well in English, and in no catalogue."""
    found = {
        f"{name_module(path)}:{call.lineno}"
        for path in list_modules()
        for text in list_nodes(path)
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and _name(call.func) in MARKED
        if call.args and isinstance(call.args[0], ast.Constant)
    }
    assert found == set()


def test_every_kind_of_name_that_may_be_unknown_is_in_the_catalogues() -> None:
    kinds = {
        call.args[2].value
        for path in list_modules()
        for call in list_nodes(path)
        if isinstance(call, ast.Call) and _name(call.func) == "UnknownNameError" and len(call.args) > 2
        if isinstance(call.args[2], ast.Constant)
    }
    assert kinds <= set(script().KINDS)


REFUSED = [
    name
    for name, (_make, words) in BROKEN.items()
    if words and "bomb" not in name and words != "no sales lines"  # which is no error but a finding
]


@pytest.mark.parametrize("name", REFUSED)
def test_a_broken_package_is_refused_in_finnish(name: str, tmp_path: Path) -> None:
    path = BROKEN[name][0](tmp_path / "book.xlsx")
    told = []
    for code in ("en", "fi"):
        with speaking(code), pytest.raises(FileError) as raised:
            read_input_tables(path)
        with speaking(code):
            told.append((say(raised.value.what).replace(str(path), "BOOK"), say(raised.value.fix)))
    english, finnish = told
    assert english[0] != finnish[0]
    assert english[1] != finnish[1]
    assert not re.search(r"\b(is|are|has|the|it|of|not|was)\b", " ".join(finnish).partition("(")[0])


def test_the_terminal_is_told_in_its_language_of_a_file_that_is_not_there(tmp_path: Path) -> None:
    finnish = {**os.environ, "LC_ALL": "fi_FI.UTF-8", "LANGUAGE": ""}
    command = [sys.executable, "-m", "xlprofit", "refresh", "no.xlsx"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=finnish, check=False)
    with pytest.raises(FileError) as refused:
        xlprofit.refresh(tmp_path / "no.xlsx")
    with speaking("fi"):
        assert done.stderr.strip() == say_error(refused.value).replace(f"{tmp_path}{os.sep}", "")
    assert done.returncode == 1
