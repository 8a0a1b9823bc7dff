"""Write the reference pages from the code that they describe: nothing is said twice.

    uv run python docs/generate.py

A test fails where a page is not what this would write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import typer.main

from xlprofit.catalogue import CATALOGUE
from xlprofit.cli import app
from xlprofit.formulas import REGISTRY
from xlprofit.headings import other_headers
from xlprofit.tables import SETTINGS, TABLES

HERE = Path(__file__).parent
MADE = "<!-- Made by docs/generate.py; do not edit. -->"


def _cells(row: Iterable[object]) -> str:
    return "| " + " | ".join(str(c).replace("|", "\\|").replace("\n", " ") for c in row) + " |"


def _table(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    head = list(header)
    return "\n".join([_cells(head), _cells("---" for _ in head), *(_cells(r) for r in rows)])


def _choices(words: tuple[str, ...]) -> str:
    return f" ({', '.join(words)})" if words else ""


def tables() -> str:
    """Return the page of the input tables and the settings."""
    parts = [
        MADE,
        "# Input tables",
        "One sheet for each table, an Excel Table of the same name on it. Columns are found by header, whatever "
        "their order, case, blanks or underscores; a currency, *thousands* or *%* behind the name is cut off and "
        "counted (*COGS (EUR)*, *Net sales k€*). A few of the other headers that are known are named; there are more, "
        "and German, Swedish and Finnish ones. Extra columns are kept and ignored. **Bold** columns are "
        "required. Every table but Sales is optional: what a missing one would have fed is left out and said on "
        "the sheet *Checks*, never guessed.",
    ]
    for table in TABLES.values():
        rows = [
            (
                f"**{c.name}**" if c.required else c.name,
                c.kind,
                c.note + _choices(c.choices),
                "" if c.default is None else c.default,
                ", ".join(other_headers(table.name, c)),
            )
            for c in table.columns
        ]
        parts += [
            f"## {table.name}",
            table.note,
            _table(("column", "kind", "what it is", "blank means", "also read as"), rows),
        ]
    settings = [
        (s.name, s.kind, s.note + _choices(s.choices), "" if s.default is None else s.default)
        for s in SETTINGS.values()
    ]
    parts += ["## The settings", _table(("setting", "kind", "what it is", "unless given"), settings)]
    return "\n\n".join(parts) + "\n"


def findings() -> str:
    """Return the page of what the checks may find."""
    rows = [(r.code, r.severity, r.title, r.why, r.fix) for r in CATALOGUE.values()]
    return (
        "\n\n".join(
            [
                MADE,
                "# What the checks find",
                "`stop`: nothing can be computed. `error`: a row or a cell was left out of the figures. `warning`: "
                "counted, but look at it. `note`: what was assumed, or left out because it was not given.",
                _table(("code", "severity", "what", "why it matters", "what to do"), rows),
            ]
        )
        + "\n"
    )


def formulas() -> str:
    """Return the page of the worksheet functions."""
    parts = [
        MADE,
        "# Formulas",
        "Look-ups give what the last refresh computed; calculators depend on their arguments alone. All take one "
        "value or a range, and spill. Shares and rates are fractions; cost is negative.",
    ]
    for f in REGISTRY.values():
        rows = [(a.name, "optional" if a.optional else "required", a.help) for a in f.arguments]
        parts += [
            f"## {f.name}",
            f.summary,
            _table(("argument", "", "what it is"), rows),
            f"Example: `{f.example}`",
        ]
        parts += ["Errors: " + "; ".join(f"`{code}` {why}" for code, why in dict(f.errors).items()) + "."]
    return "\n\n".join(parts) + "\n"


def commands() -> str:
    """Return the page of the command line: every help page."""
    parts = [
        MADE,
        "# Command line",
        "Exit codes: 0 done, 1 findings or a file stop the work, 2 the command was not understood.",
    ]
    parts += [
        f"## {name}\n\n```text\n{text}\n```" for name, text in _help(typer.main.get_command(app), "xlprofit")
    ]
    return "\n\n".join(parts) + "\n"


def _help(command: Any, name: str) -> Iterable[tuple[str, str]]:
    """Yield the help of a command and of those under it: what it does, how it is called, its options."""
    context = command.context_class(command, info_name=name)
    records = [p.get_help_record(context) for p in command.params]
    lines = [(command.help or "").replace("**", ""), "", command.get_usage(context)]
    lines += [f"  {option:<28} {text}" for option, text in filter(None, records)]
    yield name, "\n".join(lines).strip()
    for sub, inner in getattr(command, "commands", {}).items():
        yield from _help(inner, f"{name} {sub}")


PAGES: dict[str, Callable[[], str]] = {
    "tables.md": tables,
    "findings.md": findings,
    "formulas.md": formulas,
    "commands.md": commands,
}
"""Page → what makes it."""


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
