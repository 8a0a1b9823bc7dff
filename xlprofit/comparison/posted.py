"""Postings kept: what a rule posts from tables that a scenario does not touch is posted once for all scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from xlprofit.ledger.costs.rule import Basis, Rule
    from xlprofit.tables import Inputs

Postings = Sequence["pd.DataFrame"]


@dataclass(frozen=True)
class Kept:
    """What the rules post from the tables of one run.

    A rule whose tables are those very ones, and not equal ones, posts what it posted from them: it depends on nothing
    else. That is no patch of a result: each rule either ran on these tables or runs now.

    Attributes:
        inputs: the tables that the scenarios change.
        postings: what was posted from them so far, by rule.
    """

    inputs: Inputs
    postings: dict[Rule, Postings] = field(default_factory=dict)

    def post(self, rule: Rule, basis: Basis) -> Postings:
        """Return the postings of a rule, from what is kept where none of its tables was changed."""
        if not self._is_untouched(rule, basis.inputs):
            return rule.post(basis)
        if rule not in self.postings:
            self.postings[rule] = rule.post(basis)
        return self.postings[rule]

    def _is_untouched(self, rule: Rule, inputs: Inputs) -> bool:
        if rule.reads is None or inputs.settings != self.inputs.settings:
            return False
        return all(inputs[name] is self.inputs[name] for name in (rule.table, *rule.reads))
