"""What is kept of a run: what a scenario does not touch is worked out once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from xlprofit import ledger

if TYPE_CHECKING:
    import pandas as pd

    from xlprofit.ledger.costs.rule import Basis, CostRule
    from xlprofit.tables import Inputs

Postings = Sequence["pd.DataFrame"]
Made = TypeVar("Made")


@dataclass(frozen=True)
class Kept:
    """What was worked out of the tables of one run.

    What depends on some tables and the settings only, and these are the very ones of the run and not equal ones, is
    what was worked out of them. That is no patch of a result: each step either ran on these tables or runs now.

    Attributes:
        inputs: the tables that the scenarios change.
        made: what was worked out of them so far, by what it is.
    """

    inputs: Inputs
    made: dict[Hashable, Any] = field(default_factory=dict)

    def share(self, make: Callable[[Inputs], Made], inputs: Inputs, reads: Sequence[str]) -> Made:
        """Return what is made of some tables, worked out once for all inputs that have the very ones of the run.

        Args:
            make: works it out.
            inputs: the tables and settings of one scenario.
            reads: the tables that it depends on, and no other.
        """
        if not self._is_untouched(inputs, reads):
            return make(inputs)
        if make not in self.made:
            self.made[make] = make(inputs)
        return self.made[make]  # type: ignore[no-any-return]  # by what makes it

    def post(self, rule: CostRule, basis: Basis) -> Postings:
        """Return the postings of a rule, from what is kept where none of its tables was changed."""
        if rule.reads is None or not self._is_untouched(basis.inputs, (rule.table, *rule.reads)):
            return rule.post(basis)
        if rule not in self.made:
            self.made[rule] = [ledger.join_postings(rule.post(basis))]
        return self.made[rule]  # type: ignore[no-any-return]  # by its rule

    def _is_untouched(self, inputs: Inputs, reads: Sequence[str]) -> bool:
        return inputs.settings == self.inputs.settings and all(
            inputs[name] is self.inputs[name] for name in reads
        )
