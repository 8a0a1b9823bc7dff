"""The words for the effects of a change, and what each means."""

from __future__ import annotations

from xlprofit.messages import N_
from xlprofit.vocabulary.effects import Effect
from xlprofit.vocabulary.measures import Measure

EFFECT_HEADERS = {
    str(Effect.NEW): N_("New customers"),
    str(Effect.LOST): N_("Lost customers"),
    str(Effect.PRICE): N_("Price"),
    str(Effect.VOLUME): N_("Volume"),
    str(Effect.MIX): N_("Mix"),
    str(Effect.DISCOUNTS): N_("Discounts"),
    str(Effect.RETURNS): N_("Returns"),
    str(Effect.UNIT_COST): N_("Unit cost"),
    str(Effect.ACTIVITY_VOLUME): N_("Activity volume"),
    str(Effect.EFFICIENCY): N_("Efficiency"),
    str(Effect.CAPACITY_RATES): N_("Resource rates"),
    str(Effect.DIRECT_COSTS): N_("Direct costs"),
    str(Effect.COMMISSIONS): N_("Commissions"),
    str(Effect.COST_OF_CREDIT): N_("Cost of credit"),
    str(Effect.OTHER): N_("Not split"),
    str(Measure.CHANNEL_COST): N_("Channel cost"),
    str(Measure.CORPORATE_COST): N_("Corporate cost"),
    str(Measure.IDLE_CAPACITY): N_("Idle capacity"),
    str(Measure.UNASSIGNED_COST): N_("Unassigned cost"),
}
"""The words for what a change is made of."""

EFFECT_NOTES = {
    str(Effect.NEW): N_("Customers that bought nothing before"),
    str(Effect.LOST): N_("Customers that buy nothing any more"),
    str(Effect.PRICE): N_("Other prices, for the units sold after"),
    str(Effect.VOLUME): N_("More or fewer units, at the margin before"),
    str(Effect.MIX): N_("Other shares of products and customers"),
    str(Effect.DISCOUNTS): N_("More or less discount a unit"),
    str(Effect.RETURNS): N_("More or fewer returns a unit"),
    str(Effect.UNIT_COST): N_("Cost of goods a unit"),
    str(Effect.ACTIVITY_VOLUME): N_("Activities done more or less often"),
    str(Effect.EFFICIENCY): N_("More or less time for each activity"),
    str(Effect.CAPACITY_RATES): N_("More or less expensive resources"),
    str(Effect.DIRECT_COSTS): N_("Costs of {DirectCosts}"),
    str(Effect.COMMISSIONS): N_("Commissions paid"),
    str(Effect.COST_OF_CREDIT): N_("Financing and expected loss"),
    str(Effect.OTHER): N_("Sales without units: price unknown"),
    str(Measure.CHANNEL_COST): N_("Channel costs, spread over nobody"),
    str(Measure.CORPORATE_COST): N_("Company costs, spread over nobody"),
    str(Measure.IDLE_CAPACITY): N_("Capacity paid for and not used"),
    str(Measure.UNASSIGNED_COST): N_("Resources that no activity uses"),
}
"""What each of them is, in a few words."""
