"""Groups: what a cost is spent on."""

from __future__ import annotations

from enum import Enum


class Group(str, Enum):
    """A group of the ledger: the usual ones of customer cost, then those that the ledger uses itself."""

    ACQUIRE = "acquire"
    COMMISSION = "commission"
    ORDER = "order"
    DELIVER = "deliver"
    SERVICE = "service"
    COMPLAINT = "complaint"
    LOYALTY = "loyalty"
    DEMAND = "demand"
    COLLECT = "collect"
    COGS = "cogs"
    CREDIT = "credit"
    REVENUE = "revenue"
    CAPACITY = "capacity"

    __str__ = str.__str__


_ALL = tuple(map(str, Group))

GROUPS = _ALL[: _ALL.index("collect") + 1]
"""The usual groups of customer cost. A word of the user's own is a group too."""

ACQUIRE_GROUPS = (str(Group.ACQUIRE), str(Group.COMMISSION))
"""The groups that make up the cost to acquire; every other group is cost to serve."""

OF_ACQUISITION = frozenset(
    (
        *("acquisition", "customer acquisition", "new customer acquisition", "acquiring", "new business"),
        *(
            "akquise",
            "akquisition",
            "kundenakquise",
            "neukundenakquise",
            "neukundengewinnung",
            "kundengewinnung",
        ),
        *("kundanskaffning", "nykundsbearbetning", "nykundsförsäljning"),
        *("uusasiakashankinta", "uushankinta"),
    )
)
"""What others call the cost to acquire: whoever writes such a word is asked whether acquire is meant."""

RESERVED_GROUPS = (str(Group.REVENUE), str(Group.CAPACITY))
"""Groups of the ledger that no input row may claim."""
