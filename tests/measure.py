"""The shape of this tree in figures, beside two packages whose style is a model for it; a look, not a gate.

    uv run python -m tests.measure
    uv run python -m tests.measure --list names --list chain

Nothing is imported of what is measured: the files are read as text. Complexity is counted as radon does.
"""

from __future__ import annotations

import argparse
import ast
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[1]

Function = ast.FunctionDef | ast.AsyncFunctionDef

COMPLEX = 10
"""A function is complex above so many ways through it (McCabe 1976)."""

LANGUAGES = ("language", "words")
"""The parts that make sentences of one language."""

SHELL = (
    *("__main__", "cli", "terminal", "workflow", "standalone", "report", "excel", "calc", "lite", "hosts"),
    *("importing.commands", "importing.dialogue", "importing.intake", "comparing"),
    *("terminal_changes", "terminal_explanation"),
)
"""What talks to a person, and may therefore import a language."""

IRREGULAR = frozenset(
    {
        *("begun", "borne", "bought", "bound", "broken", "brought", "built", "chosen", "done", "drawn"),
        *("driven", "fallen", "felt", "forgotten", "found", "given", "gone", "grown", "heard", "held"),
        *("hidden", "kept", "known", "laid", "led", "left", "lent", "lost", "made", "meant"),
        *("met", "paid", "risen", "said", "seen", "sent", "shown", "sold", "spent", "spoken"),
        *("stood", "sunk", "taken", "taught", "thought", "thrown", "told", "torn", "understood", "woken"),
        *("won", "worn", "wound", "written"),
    }
)
"""Participles that do not end in -ed; those that are the verb itself besides (read, put, set, cut) are none."""

NO_PARTICIPLE = frozenset(
    {
        *("bleed", "breed", "embed", "exceed", "feed", "heed", "need", "proceed", "seed", "shed"),
        *("speed", "succeed", "weed"),
    }
)
"""Verbs that end in -ed."""


@dataclass(frozen=True)
class Module:
    """A file of the package: its dotted name, whether it is a package's own, its text and what that says."""

    name: str
    is_package: bool
    text: str
    tree: ast.Module

    @cached_property
    def functions(self) -> Sequence[Function]:
        """Every function and method in it, nested ones too."""
        return [node for node in ast.walk(self.tree) if isinstance(node, Function)]

    @cached_property
    def methods(self) -> frozenset[Function]:
        """The functions that stand in a class."""
        classes = [node for node in ast.walk(self.tree) if isinstance(node, ast.ClassDef)]
        return frozenset(inner for node in classes for inner in node.body if isinstance(inner, Function))

    @property
    def lines(self) -> int:
        """Its length in lines."""
        return len(self.text.splitlines())


@dataclass(frozen=True)
class Figure:
    """One line of the table: a figure of this tree, what is wanted, what the models have, and who stands out.

    ``listed`` is the word by which a list of those is asked for; the worst stand first in it.
    """

    name: str
    value: str
    wanted: str = ""
    fava: str = "–"
    tea_tasting: str = "–"
    listed: str = ""
    offenders: Sequence[str] = ()


def read_modules(root: Path, package: str) -> Mapping[str, Module]:
    """Return the modules of a package by dotted name."""
    modules = {}
    for path in sorted((root / package).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if is_package else parts)
        text = path.read_text(encoding="utf-8")
        modules[name] = Module(name, is_package, text, ast.parse(text))
    return modules


def count_body_lines(function: Function) -> int:
    """Return the lines from a function's first statement to its last, without its docstring."""
    body = function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body
    return (body[-1].end_lineno or body[-1].lineno) - body[0].lineno + 1 if body else 0


def is_typed(function: Function, in_class: bool) -> bool:
    """Return whether every argument but ``self`` and the result bear a type."""
    given = function.args
    plain = [*given.posonlyargs, *given.args]
    static = any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in function.decorator_list)
    asked = plain[1:] if in_class and not static else plain
    extra = [a for a in (given.vararg, given.kwarg) if a is not None]
    return function.returns is not None and all(a.annotation for a in (*asked, *given.kwonlyargs, *extra))


def count_branches(function: Function) -> int:
    """Return the ways through a function, as radon 6 counts them: those of a function inside it are its own."""
    return 1 + sum(_count_ways(statement) for statement in function.body)


def _count_ways(node: ast.AST) -> int:
    if isinstance(node, Function | ast.ClassDef):
        return 0
    match node:
        case ast.If() | ast.IfExp() | ast.Assert():
            own = 1
        case ast.For() | ast.AsyncFor() | ast.While():
            own = 1 + bool(node.orelse)
        case ast.Try() | ast.TryStar():
            own = len(node.handlers) + bool(node.orelse)
        case ast.BoolOp():
            own = len(node.values) - 1
        case ast.comprehension():
            own = 1 + len(node.ifs)
        case ast.Match():
            last = node.cases[-1].pattern
            own = len(node.cases) - (isinstance(last, ast.MatchAs) and last.pattern is None)
        case _:
            own = 0
    return own + sum(map(_count_ways, ast.iter_child_nodes(node)))


def find_imports(module: Module, modules: Mapping[str, Module], everywhere: bool = False) -> frozenset[str]:
    """Return the package's modules that a module imports while it is imported itself, or ``everywhere`` in it.

    What is imported for its types alone is left out.
    """
    found: set[str] = set()
    for node in _walk_imports(module.tree, everywhere):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names if alias.name in modules)
        else:
            base = _resolve_base(module, node)
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                found.add(inner if inner in modules else base)
    return frozenset(found & modules.keys() - {module.name})


def _walk_imports(node: ast.AST, everywhere: bool) -> Iterator[ast.Import | ast.ImportFrom]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        elif everywhere or not isinstance(child, Function):
            yield from _walk_imports(child, everywhere)


def _resolve_base(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parents = module.name.split(".")
    kept = parents[: len(parents) - node.level + module.is_package]
    return ".".join([*kept, *([node.module] if node.module else [])])


def find_cycles(graph: Mapping[str, frozenset[str]]) -> Sequence[frozenset[str]]:
    """Return the groups of modules each of which reaches every other of its group."""
    reached = {name: _reach(name, graph) for name in graph}
    groups = {frozenset(o for o in reached[name] if name in reached[o]) for name in graph}
    return sorted((group for group in groups if group), key=sorted)


def _reach(start: str, graph: Mapping[str, frozenset[str]]) -> frozenset[str]:
    seen: set[str] = set()
    left = [start]
    while left:
        new = graph[left.pop()] - seen
        seen |= new
        left.extend(new)
    return frozenset(seen)


def find_longest_chain(graph: Mapping[str, frozenset[str]]) -> Sequence[str]:
    """Return the longest chain of imports, the importing module before the imported one.

    A module that is met again on its way, in a circle, is not walked twice.
    """
    chains: dict[str, tuple[str, ...]] = {}

    def follow(name: str, above: frozenset[str]) -> tuple[str, ...]:
        if name not in chains:
            below = [follow(other, above | {name}) for other in sorted(graph[name] - above - {name})]
            chains[name] = (name, *max(below, key=len, default=()))
        return chains[name]

    return max((follow(name, frozenset()) for name in sorted(graph)), key=len, default=())


def find_shared_names(
    modules: Mapping[str, Module], of_classes: bool = False
) -> tuple[Mapping[str, Sequence[str]], int]:
    """Return the names of functions, or classes, that several modules define, and how many names there are."""
    places: dict[str, set[str]] = defaultdict(set)
    for module in modules.values():
        for node in module.tree.body:
            if isinstance(node, ast.ClassDef | Function) and isinstance(node, ast.ClassDef) == of_classes:
                places[node.name].add(module.name)
    several = {name: sorted(where) for name, where in places.items() if len(where) > 1}
    return several, len(places)


def is_bare_participle(name: str) -> bool:
    """Return whether a function's name is one participle, such as ``_made`` or ``summed``, and nothing else.

    What LibreOffice calls of a listener has the name that its interface gives it: ``statusChanged``.

    >>> [is_bare_participle(name) for name in ("_made", "summed", "sum_rows", "read", "feed")]
    [True, True, False, False, False]
    """
    word = name.strip("_")
    return (
        "_" not in word
        and word.islower()
        and (word in IRREGULAR or (word.endswith("ed") and len(word) > 3 and word not in NO_PARTICIPLE))
    )


def find_speakers(modules: Mapping[str, Module], package: str) -> Mapping[str, Sequence[str]]:
    """Return the modules outside words and shell that import a language, and what of it they import."""
    found = {}
    for module in modules.values():
        name = module.name.removeprefix(package).lstrip(".")
        spoken = sorted(
            other
            for other in find_imports(module, modules, everywhere=True)
            if other.removeprefix(f"{package}.").split(".")[0] in LANGUAGES
        )
        if spoken and not {name, name.split(".")[0]} & {*SHELL, *LANGUAGES}:
            found[module.name] = spoken
    return found


def measure(root: Path, package: str = "xlprofit") -> Sequence[Figure]:
    """Measure the package below ``root``, and the lines of the tests beside it."""
    modules = read_modules(root, package)
    tests = sum(len(p.read_text(encoding="utf-8").splitlines()) for p in (root / "tests").rglob("*.py"))
    lines = sum(m.lines for m in modules.values()) + tests
    return [
        Figure(
            "modules / lines with tests", f"{len(modules):,} / {lines:,}", "", "61 / 10,749", "24 / 7,551"
        ),
        _measure_files(modules),
        _measure_bodies(modules),
        _measure_types(modules),
        _measure_dataclasses(modules),
        _measure_shared_names(modules),
        _measure_shared_classes(modules),
        _measure_participles(modules),
        _measure_complexity(modules),
        *_measure_imports(modules, package),
        _measure_speakers(modules, package),
    ]


def _measure_files(modules: Mapping[str, Module]) -> Figure:
    sizes = {module.name: module.lines for module in modules.values()}
    long = _order_worst(sizes, above=400)
    name = "file lines median / p90 / max"
    return Figure(name, _summarise(sizes), "", "127 / 398 / 938", "284 / 637 / 872", "files", long)


def _measure_bodies(modules: Mapping[str, Module]) -> Figure:
    sizes = {_say_place(m, f): count_body_lines(f) for m in modules.values() for f in m.functions}
    long = _order_worst(sizes, above=40)
    name = "body lines median / p90 / max"
    return Figure(name, _summarise(sizes), "max 60", "3 / 17 / 139", "3 / 23 / 98", "bodies", long)


def _measure_types(modules: Mapping[str, Module]) -> Figure:
    typed = {_say_place(m, f): is_typed(f, f in m.methods) for m in modules.values() for f in m.functions}
    untyped = [place for place, is_so in typed.items() if not is_so]
    share = _write_share(len(typed) - len(untyped), len(typed))
    return Figure("functions typed", share, "100 %", "100 %", "100 %", "untyped", untyped)


def _measure_dataclasses(modules: Mapping[str, Module]) -> Figure:
    frozen = {
        f"{m.name}:{c.lineno} {c.name}": fixed for m in modules.values() for c, fixed in _find_dataclasses(m)
    }
    value = f"{sum(frozen.values())} of {len(frozen)}"
    loose = [name for name, fixed in frozen.items() if not fixed]
    return Figure("frozen dataclasses", value, "", "59 of 62", "–", "unfrozen", loose)


def _measure_shared_names(modules: Mapping[str, Module]) -> Figure:
    shared, names = find_shared_names(modules)
    value = f"{len(shared)} of {names:,}"
    lines = _list_shared(shared)
    return Figure("function names in several modules", value, "30", "1 of 175", "9 of 59", "names", lines)


def _measure_shared_classes(modules: Mapping[str, Module]) -> Figure:
    shared, names = find_shared_names(modules, of_classes=True)
    value = f"{len(shared)} of {names:,}"
    return Figure(
        "class names in several modules", value, "0", listed="classes", offenders=_list_shared(shared)
    )


def _list_shared(shared: Mapping[str, Sequence[str]]) -> Sequence[str]:
    ordered = sorted(shared.items(), key=lambda item: (-len(item[1]), item[0]))
    return [f"{name}: {', '.join(at)}" for name, at in ordered]


def _measure_participles(modules: Mapping[str, Module]) -> Figure:
    functions = [(m, f) for m in modules.values() for f in m.functions]
    bare = [_say_place(m, f) for m, f in functions if is_bare_participle(f.name) and not _is_property(f)]
    value = f"{len(bare)} of {len(functions):,}"
    return Figure("functions named by a bare participle", value, "0", listed="participles", offenders=bare)


def _measure_complexity(modules: Mapping[str, Module]) -> Figure:
    ways = {_say_place(m, f): count_branches(f) for m in modules.values() for f in m.functions}
    over = _order_worst(ways, above=COMPLEX)
    value = f"{sum(ways.values()) / max(len(ways), 1):.1f} / {_write_share(len(over), len(ways))}"
    name = f"complexity mean / share over {COMPLEX}"
    return Figure(name, value, "2 %", "2.3 / 1.1 %", "–", "complexity", over)


def _measure_imports(modules: Mapping[str, Module], package: str) -> Iterator[Figure]:
    graph = {name: find_imports(module, modules) for name, module in modules.items()}
    chain = find_longest_chain(graph)
    said = " > ".join(name.removeprefix(f"{package}.") for name in chain)
    yield Figure("import depth", f"{len(chain)}", "18", "10", "14", "chain", [said])
    cycles = [" ".join(sorted(cycle)) for cycle in find_cycles(graph)]
    yield Figure("import cycles", f"{len(cycles)}", "0", "1", "1", "cycles", cycles)


def _measure_speakers(modules: Mapping[str, Module], package: str) -> Figure:
    lines = [f"{name}: {', '.join(spoken)}" for name, spoken in find_speakers(modules, package).items()]
    return Figure("modules that import a language", f"{len(lines)}", "0", listed="language", offenders=lines)


def _say_place(module: Module, function: Function) -> str:
    return f"{module.name}:{function.lineno} {function.name}"


def _is_property(function: Function) -> bool:
    return any("property" in ast.unparse(decorator) for decorator in function.decorator_list)


def _find_dataclasses(module: Module) -> Iterator[tuple[ast.ClassDef, bool]]:
    """Yield the dataclasses of a module, and whether each is frozen."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef):
            decorators = [ast.unparse(decorator) for decorator in node.decorator_list]
            said = [text for text in decorators if text.split("(")[0].endswith("dataclass")]
            if said:
                yield node, "frozen=True" in said[0]


def _summarise(counts: Mapping[str, int]) -> str:
    """Return median, 90th percentile and maximum as one text."""
    ordered = sorted(counts.values()) or [0]
    at = (ordered[max(0, math.ceil(share * len(ordered)) - 1)] for share in (0.5, 0.9, 1.0))
    return " / ".join(f"{count:,}" for count in at)


def _write_share(part: int, whole: int) -> str:
    return f"{100 * part / max(whole, 1):.1f} %"


def _order_worst(counts: Mapping[str, int], above: int) -> Sequence[str]:
    worst = sorted((name for name, n in counts.items() if n > above), key=lambda name: (-counts[name], name))
    return [f"{counts[name]:5,}  {name}" for name in worst]


def draw_table(figures: Sequence[Figure]) -> str:
    """Return the figures beside those of the models, as a table of text."""
    head = ("", "this tree", "wanted", "fava", "tea-tasting")
    rows = [head, *((f.name, f.value, f.wanted, f.fava, f.tea_tasting) for f in figures)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    lines = ["| " + " | ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "|".join("-" * (w + 2) for w in widths) + "|", *lines[1:]])


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, and the lists that are asked for."""
    figures = measure(ROOT)
    lists = {figure.listed: figure.offenders for figure in figures if figure.listed}
    parser = argparse.ArgumentParser(
        prog="python -m tests.measure", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument(
        "--list", action="append", default=[], choices=[*lists, "all"], help="who stands out in it"
    )
    asked = parser.parse_args(arguments).list
    print(draw_table(figures))
    for name in lists if "all" in asked else asked:
        print(f"\n{name}: {len(lists[name])}", *lists[name], sep="\n  ")


if __name__ == "__main__":
    main()
