"""An import never points up: what each part may import, said once and held against the code."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Collection
from pathlib import Path

import pytest

from tests.trees import PACKAGE, list_imports, list_modules, list_nodes, name_module, parse_module

pytestmark = pytest.mark.every_case

LOW = {
    "tables",
    "addresses",
    "folding",
    "slips",
    "messages",
    "languages",
    "headings",
    "vocabulary",
    "closed_form",
}
ALLOWED: dict[str, set[str]] = {
    "addresses": set(),
    "markup": set(),
    "address_space": set(),
    "scratch": set(),
    "vocabulary": set(),
    "closed_form": set(),
    "folding": set(),
    "slips": set(),
    "languages": {"messages"},
    "messages": set(),
    "tables": {"languages", "messages", "vocabulary"},
    "headings": {"languages", "messages", "tables", "vocabulary"},
    "errors": {"findings", "messages", "slips"},
    "arguments": {"errors", "messages"},
    "catalogue": {"messages"},
    "wordings": set(),
    "findings": LOW | {"catalogue", "wordings"},
    "reading": LOW | {"findings", "errors", "catalogue"},
    "rules": LOW | {"findings", "errors", "catalogue", "reading"},
    "ledger": LOW - {"languages", "messages"},
    "analysis": (LOW - {"languages", "messages"}) | {"ledger"},
    "comparison": LOW | {"arguments", "ledger", "analysis", "errors", "findings", "reading", "rules"},
    "outlook": (LOW - {"languages", "messages"}) | {"ledger", "analysis"},
    "words": LOW | {"analysis", "outlook", "sheets", "formulas", "errors", "findings"},
    "results": LOW
    | {"arguments", "ledger", "analysis", "outlook", "comparison", "reading", "rules", "findings", "errors"},
    "formulas": {"closed_form", "folding", "languages", "messages", "vocabulary"},
    "sheets": LOW
    | {"ledger", "analysis", "outlook", "comparison", "results", "findings", "errors", "formulas"},
    "drawing": LOW | {"markup", "sheets"},
    "samples": LOW,
    "hosts": LOW | {"errors", "findings", "formulas", "sheets", "drawing", "ooxml", "excel", "calc", "words"},
    "ooxml": LOW
    | {"markup", "address_space", "errors", "drawing", "sheets", "formulas", "catalogue", "findings"},
    "sources": LOW
    | {"arguments", "address_space", "scratch", "reading", "errors", "findings", "importing", "ooxml"},
    "importing": LOW
    | {"reading", "rules", "errors", "findings", "sheets", "sources", "streams", "terminal", "ooxml"}
    | {"arguments", "hosts", "scratch", "workflow"},
}
"""What each part of the package may import of the others. The rest is the shell, which may import all."""

ROOMS = {"importing": ("profiles", "exports", "extraction", "proposals")}
"""The rooms of a part that has grown some, from the bottom up; what stands in none of them may import all."""

SPEAKING = {
    "words",
    "cli",
    "terminal",
    "terminal_changes",
    "terminal_explanation",
    "comparing",
    "report",
    "workflow",
    "standalone",
    "hosts",
    "excel",
    "calc",
    "lite",
}
"""What says texts in a language: the words themselves and the shell. All else makes messages, and knows no language.

``languages`` is no language spoken but what all of them call things: whoever reads an input may ask it.
"""

SPEAKING_FILES = {
    *("importing/commands.py", "importing/dialogue.py", "importing/intake.py"),
}
"""Files of other parts that speak: those that talk to whoever imports."""

FOREIGN = {
    "openpyxl",
    "xlwings",
    "typer",
    "rich",
    "python_calamine",
    "zipfile",
    "sqlite3",
    "os",
    "pathlib",
    "time",
}
"""What the inner parts know nothing of: files, Excel, the terminal, the clock."""
PURE = (
    "addresses",
    "markup",
    "vocabulary",
    "closed_form",
    "folding",
    "tables",
    "findings",
    "catalogue",
    "reading",
    "rules",
    "ledger",
    "analysis",
    "comparison",
    "outlook",
    "words",
    "results",
    "formulas",
    "sheets",
)


def _files(part: str) -> list[Path]:
    folder = PACKAGE / part
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [PACKAGE / f"{part}.py"]


@pytest.mark.parametrize("part", ALLOWED)
def test_imports_never_point_up(part: str) -> None:
    for path in _files(part):
        for name in list_imports(path):
            if name.startswith("xlprofit."):
                other = name.split(".")[1]
                if other == "words" and f"{part}/{path.name}" in SPEAKING_FILES:
                    continue
                assert other == part or other in ALLOWED[part], f"{path.name} of {part} imports {name}"


@pytest.mark.parametrize("part", ROOMS)
def test_imports_never_point_up_within_a_part(part: str) -> None:
    rooms = ROOMS[part]
    assert {path.name for path in (PACKAGE / part).iterdir() if (path / "__init__.py").exists()} == set(rooms)
    for height, room in enumerate(rooms):
        for path in _files(f"{part}/{room}"):
            for name in list_imports(path):
                if name.startswith(f"xlprofit.{part}."):
                    assert name.split(".")[2] in rooms[: height + 1], f"{path.name} of {room} imports {name}"


@pytest.mark.parametrize("part", PURE)
def test_the_inner_parts_know_no_host(part: str) -> None:
    for path in _files(part):
        for name in list_imports(path):
            assert name.split(".")[0] not in FOREIGN, f"{path.name} of {part} imports {name}"


def test_only_words_and_the_shell_speak_a_language() -> None:
    inner = [
        path
        for path in list_modules()
        if path.relative_to(PACKAGE).parts[0].removesuffix(".py") not in SPEAKING
        and name_module(path) not in SPEAKING_FILES
    ]
    assert len(inner) > 300
    assert {
        name_module(path): name
        for path in inner
        for name in list_imports(path)
        if name.startswith("xlprofit.words")
    } == {}


COMPUTING = (
    *("reading", "rules", "ledger", "sources", "findings", "errors", "formulas", "vocabulary"),
    *("sheets.theme", "drawing.to_xml"),
)
"""What is imported by whoever computes and says nothing."""


def test_no_language_is_loaded_with_what_computes() -> None:
    code = (
        f"import importlib, sys\nfor part in {COMPUTING}:\n    importlib.import_module('xlprofit.' + part)\n"
        "    print(part, *(name for name in sys.modules if name.startswith('xlprofit.words')))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == list(COMPUTING)


def test_messages_need_the_standard_library_alone() -> None:
    for part in ("messages", "languages"):
        for path in _files(part):
            for name in list_imports(path):
                assert name.split(".")[0] in sys.stdlib_module_names or name.startswith("xlprofit.messages")


PACKAGE_OF = {
    "charset_normalizer": "charset-normalizer",
    "python_calamine": "python-calamine",
    "ibis": "ibis-framework",
} | dict.fromkeys(("duckdb", "psycopg", "sqlglot"), "ibis-framework")
"""The package that a module comes with, where it bears another name; Ibis brings its engines' own."""


def test_every_package_that_is_imported_is_declared() -> None:
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = [name for names in project["optional-dependencies"].values() for name in names]
    declared = {re.split(r"[\[<>=;]", name)[0] for name in (*project["dependencies"], *optional)}
    imported = {
        name.split(".")[0]
        for path in list_modules()
        if "extension" not in path.parts
        for name in list_imports(path)
    }
    foreign = imported - sys.stdlib_module_names - {"xlprofit"}
    assert {PACKAGE_OF.get(name, name) for name in foreign} <= declared


def test_no_files_import_each_other_in_a_circle() -> None:
    modules = {
        ".".join(("xlprofit", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(
            ".__init__"
        ): path
        for path in list_modules()
        if path.parent == PACKAGE or path.name != "__init__.py"
    }
    left = {
        module: {n for n in list_imports(path) if n in modules} - {"xlprofit"}
        for module, path in modules.items()
    }
    while left:
        free = {module for module, needs in left.items() if not needs & left.keys()}
        assert free, f"In a circle: {sorted(left)}"
        left = {module: needs for module, needs in left.items() if module not in free}


def test_every_part_is_said() -> None:
    shell = {
        "__init__",
        "__main__",
        "read_files",
        "cli",
        "streams",
        "terminal",
        "terminal_changes",
        "terminal_explanation",
        "cubes",
        "comparing",
        "report",
        "closing",
        "closed_periods",
        "facts",
        "workflow",
        "standalone",
        "excel",
        "calc",
        "lite",
    }
    parts = {p.stem for p in PACKAGE.iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()}
    assert parts <= set(ALLOWED) | shell


VARYING = {
    "dot",
    "einsum",
    "linalg",
    "matmul",
    "inner",
    "tensordot",
    "vdot",
    "exp",
    "expm1",
    "log",
    "log1p",
} | {*("log2", "log10", "power", "float_power", "corrcoef", "cov", "polyfit", "sin", "cos", "tanh")}
"""What numpy works out differently, in the last digit, on different processors."""

ROUNDED = ("chance.py", "crossing.py", "past_prospects.py", "rate_check.py", "sizes.py")
"""What rounds its results far above the last digit, before anything is decided by them."""

COMPUTED = (
    "reading",
    "rules",
    "vocabulary",
    "closed_form",
    "ledger",
    "analysis",
    "comparison",
    "results",
    "sheets",
    "drawing",
    "samples",
)


def find_varying_sums(path: Path) -> list[str]:
    """Return the lines of a module on which numpy works out what differs from one processor to another."""
    found = []
    for node in list_nodes(path):
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.MatMult):
            found.append(
                f"{name_module(path)}:{node.lineno} a product by @; see xlprofit/analysis/products.py"
            )
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "np":
            found += [f"{name_module(path)}:{node.lineno} np.{node.attr}"] if node.attr in VARYING else []
    return found


def test_no_figure_depends_on_the_processor() -> None:
    computed = [path for part in COMPUTED for path in _files(part) if path.name not in ROUNDED]
    assert [line for path in computed for line in find_varying_sums(path)] == []
    rounded = [path for path in list_modules() if path.name in ROUNDED]
    assert any(find_varying_sums(path) for path in rounded)  # there it is seen


def test_every_module_says_what_it_is() -> None:
    assert [name_module(path) for path in list_modules() if not ast.get_docstring(parse_module(path))] == []


BYTE_PATTERNS = {
    "ooxml/tags.py": {
        "match_tags": "start tags of elements that are changed in place, or that tell something of a part",
        "match_tags_with": "start tags with an attribute, while a sheet streams by",
        "match_attribute": "an attribute that is read or changed in place",
        "match_values": "whether a piece of a sheet has any cell of some styles",
        "match_texts": "formulas, which are looked through and changed in place",
        "match_elements": "rows and cells of a sheet that is kept byte for byte but for its sample",
    },
    "ooxml/marks.py": {
        "_FAR": "addresses that may reach past what a sheet can hold, while it streams by",
        "_compile_sheet_patterns": "four, of what a fast reader of cells stumbles on, while a sheet streams by",
    },
}
"""Where regular expressions over bytes are made: of what is streamed, or must come out byte for byte as it went in.

What can be parsed as a whole is parsed (``xml.etree``, ``find_element_places``).
"""

MOST_BYTE_PATTERNS = 12


def find_byte_patterns(path: Path) -> list[str]:
    """Return the name of the function, or of the constant, in which each regular expression over bytes is made."""
    source = path.read_text(encoding="utf-8")
    if "import re\n" not in source:
        return []
    found = []
    for statement in parse_module(path).body:
        inner = list(ast.walk(statement))
        text = {
            target.id
            for node in inner
            if isinstance(node, ast.Assign) and holds_bytes(node.value)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        calls = [node for node in inner if isinstance(node, ast.Call) and is_search_call(node.func)]
        made = [call for call in calls if call.args and holds_bytes(call.args[0], text)]
        found += [str(getattr(statement, "name", "")) or "".join(sorted(text)) for _call in made]
    return found


def is_search_call(function: ast.expr) -> bool:
    """Whether a function is one of the module ``re`` that takes a pattern."""
    of_re = isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name)
    return of_re and function.value.id == "re" and function.attr != "escape"  # type: ignore[attr-defined]


def holds_bytes(expression: ast.AST, names: Collection[str] = ()) -> bool:
    """Whether an expression has bytes in it, or one of some names that stand for bytes."""
    return any(
        (isinstance(node, ast.Constant) and isinstance(node.value, bytes))
        or (isinstance(node, ast.Name) and node.id in names)
        for node in ast.walk(expression)
    )


def test_bytes_are_searched_by_few_patterns_and_each_says_why() -> None:
    made = {name_module(p): find_byte_patterns(p) for p in list_modules()}
    found = {name: patterns for name, patterns in made.items() if patterns}
    assert {name: set(patterns) for name, patterns in found.items()} == {
        name: set(reasons) for name, reasons in BYTE_PATTERNS.items()
    }, "parse the part, or say above why it cannot be parsed"
    assert sum(map(len, found.values())) <= MOST_BYTE_PATTERNS


SPEAKERS = {"terminal.py": {"echo", "Console"}, "calc/worker.py": {"print"}}
"""The files that write to a terminal or a pipe themselves: what people read, and a worker's answers in JSON."""


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_only_one_file_speaks_to_a_terminal(path: Path) -> None:
    calls = [node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    bare = {call.id for call in calls if isinstance(call, ast.Name)}
    called = bare | {call.attr for call in calls if isinstance(call, ast.Attribute)}
    speaking = called & {"echo", "secho", "Console"} | bare & {"print"}
    assert speaking <= SPEAKERS.get(path.relative_to(PACKAGE).as_posix(), set())
