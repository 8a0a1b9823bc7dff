"""How well stated rates are held against the minutes paid: false alarms, wrong rates found, intervals that hold.

Run from the repository's root; it takes about ten seconds of processor and prints a Markdown table:

    uv run python -m benchmarks.rates [runs] [seed]

A made-up resource is paid, month by month, for the true minutes of four activities and an idle part; the volumes move
together as those of a trade do. Beside :func:`xlprofit.analysis.rate_check.fit_rates` stands what one would do by
hand: the minutes paid ÷ the minutes that the stated rates ask for; where that is further than 10 % from what the true
idle part makes it (which nobody knows), some rate is called wrong, and nobody can tell which.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xlprofit.analysis.rate_check import OFF, fit_rates

Floats = npt.NDArray[np.float64]

TRUE = np.array([6.0, 12.0, 3.0, 20.0])
"""Minutes a unit of each activity."""

USUAL = np.array([900.0, 300.0, 1500.0, 120.0])
"""Units of each activity in a usual month."""

WRONG = 1.5
"""A rate that is stated wrong is stated as so many times the true one."""

BY_HAND = 0.1
"""How far minutes paid may be from minutes asked for, by hand."""


@dataclass(frozen=True)
class Payroll:
    """How minutes are paid: the noise as a share of a usual month, how it lasts, and whether it grows with volume."""

    name: str
    noise: float
    lasting: float = 0.0
    grows: bool = False
    steps: float = 0.0
    """Capacity is bought in steps of so many minutes; 0: as it is needed."""


PAYROLLS = (
    Payroll("paid as needed, noise 2 %", 0.02),
    Payroll("noise 5 %", 0.05),
    Payroll("noise 10 %", 0.10),
    Payroll("noise 5 % that lasts (0.6 a month)", 0.05, lasting=0.6),
    Payroll("noise 5 % that grows with volume", 0.05, grows=True),
    Payroll("noise 2 %, whole shifts of 1,600 minutes", 0.02, steps=1600.0),
)


def draw_months(rng: np.random.Generator, months: int, payroll: Payroll) -> tuple[Floats, Floats]:
    """Return the minutes paid in each month, and the units, activities × months."""
    together = rng.normal(0.0, 0.15, months)
    units = USUAL[:, None] * np.exp(together + rng.normal(0.0, 0.25, (len(USUAL), months)))
    needed = 1500.0 + TRUE @ units
    shocks = rng.normal(0.0, 1.0, months)
    for at in range(1, months):
        shocks[at] = payroll.lasting * shocks[at - 1] + np.sqrt(1 - payroll.lasting**2) * shocks[at]
    usual = 1500.0 + TRUE @ USUAL
    paid = needed + shocks * payroll.noise * (needed * needed / usual if payroll.grows else usual)
    if payroll.steps:
        paid = np.ceil(paid / payroll.steps) * payroll.steps
    return paid, units


def is_outside(stated: Floats, low: Floats, high: Floats) -> npt.NDArray[np.bool_]:
    """Whether each stated rate is called wrong, as the check does."""
    return np.asarray((stated < low * (1 - OFF)) | (stated > high * (1 + OFF)))


def measure_payroll(payroll: Payroll, months: int, runs: int, seed: int) -> list[float]:
    """Return shares of runs: read at all; all intervals hold; a false alarm; the wrong rate found; both by hand."""
    rng = np.random.default_rng([seed, months, PAYROLLS.index(payroll)])
    read = held = alarm = found = 0
    by_hand = [0, 0]
    for run in range(runs):
        paid, units = draw_months(rng, months, payroll)
        wrong = TRUE.copy()
        wrong[run % len(TRUE)] *= WRONG
        usual = 1.0 + 1500.0 / float(TRUE @ USUAL)
        for at, stated in enumerate((TRUE, wrong)):
            ratio = paid.sum() / float((stated @ units).sum())
            by_hand[at] += abs(ratio / usual - 1) > BY_HAND
        fit = fit_rates(paid, units, len(TRUE))
        if fit is None:
            continue
        read += 1
        held += bool(((fit.low <= TRUE) & (fit.high >= TRUE)).all())
        alarm += bool(is_outside(TRUE, fit.low, fit.high).any())
        found += bool(is_outside(wrong, fit.low, fit.high)[run % len(TRUE)])
    of = max(read, 1)
    return [read / runs, held / of, alarm / of, found / of, by_hand[0] / runs, by_hand[1] / runs]


def main() -> None:
    """Print how often which happens, by how minutes are paid and by the months seen."""
    given = [int(text) for text in sys.argv[1:3]]
    runs, seed = (*given, *(2_000, 1)[len(given) :])
    print(
        "| minutes paid | months | read | intervals hold | false alarm | wrong rate found | by hand: false | found |"
    )
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for payroll in PAYROLLS:
        for months in (12, 24, 36):
            shares = measure_payroll(payroll, months, runs, seed)
            print(f"| {payroll.name} | {months} | " + " | ".join(f"{share:.0%}" for share in shares) + " |")


if __name__ == "__main__":
    main()
