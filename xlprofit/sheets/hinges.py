"""What a verdict hinges on, in words: what to find out first."""

from __future__ import annotations

from xlprofit.messages import N_, _

HINGES = {
    "volume": N_("what it will buy next year"),
    "margin": N_("its prices and cost of goods next year"),
    "effort": N_("the service that it will take next year"),
    "direct": N_("its direct costs next year"),
    "direct avoidable": N_("the avoidable share of its direct costs"),
}
"""The inputs of the customer's own, by their codes in :data:`xlprofit.analysis.hinges.INPUTS`."""

HINGES_OF = {
    "rate": N_("the rate of {resource}"),
    "avoidable": N_("the avoidable share of {resource}"),
}
"""The inputs of a resource."""


def name_hinge(code: str, of: str) -> str:
    """Return what a verdict hinges on; nothing where it hinges on nothing."""
    if code in HINGES_OF:
        return _(HINGES_OF[code], resource=of)
    return _(HINGES[code]) if code in HINGES else ""
