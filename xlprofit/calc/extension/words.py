"""What the menu and the function wizard say, in the language of LibreOffice's menus."""

from __future__ import annotations

from typing import NamedTuple

from xlprofit.formulas import REGISTRY
from xlprofit.languages import LANGUAGES
from xlprofit.messages import ENGLISH
from xlprofit.words.speech import N_, _, speaking, term

PRODUCT = "Customer profit"
"""What the menu, the toolbar and the message boxes are called, in English."""

COMMANDS = (
    ("refresh", N_("Refresh")),
    ("check", N_("Check")),
    ("explain", N_("Explain this cell")),
    ("customer", N_("Customer")),
    ("new", N_("New from template")),
    ("import", N_("Import…")),
    ("from_excel", N_("Formulas from Excel")),
    ("for_excel", N_("Save a copy for Excel…")),
)
"""The entries of the menu: what the command's address says, and the label in English."""

ON_TOOLBAR = 6
"""How many of the commands, from the first on, the toolbar has."""


class Described(NamedTuple):
    """What the wizard says of a formula: what it gives, and each argument's name and help."""

    summary: str
    arguments: tuple[tuple[str, str], ...]


def describe_wizard_formula(name: str, language: str) -> Described:
    """Return what the wizard says of a formula in a language (``fi``); English where it is none of ours."""
    function = REGISTRY[name]
    with speaking(language if language in LANGUAGES else ENGLISH):
        arguments = tuple((term("argument", a.name), _(a.help)) for a in function.arguments)
        return Described(_(function.summary), arguments)
