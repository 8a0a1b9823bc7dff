"""Referral value: what a customer's word of mouth has brought, a memo beside its own profit.

Source: Kumar, Petersen and Leone, "How Valuable Is Word of Mouth?", Harvard Business Review, October
2007, and "Driving Profitability by Encouraging Customer Referrals", Journal of Marketing, 2010. A
customer that would not have come otherwise (their *type one*) brings its profit; one that would have
come anyhow (*type two*) saves what it would have cost to acquire it. Where they discount what is to
come, this looks back: it counts what the referred customers earned in the span.

Money is in the currency of Settings over the whole span, credit positive and rewards negative. No
figure of it is ever added into a profit: the referred customer's profit is counted once, as its own.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit import ledger as books
from xlprofit.vocabulary.groups import Group
from xlprofit.vocabulary.measures import Measure

if TYPE_CHECKING:
    from xlprofit.tables import Inputs

COLUMNS = ("referral_value", "type_one", "type_two", "rewards", "referred", "chain")
"""The columns of :func:`value_referrals`."""

NETWORK = (
    "referrer",
    "referred",
    "date",
    "share",
    "anyway",
    "profit",
    "type_one",
    "type_two",
    "reward",
    "credited",
    "depth",
    "followed",
    "row",
)
"""The columns of :func:`list_network`."""

ACQUIRE = Group.ACQUIRE
"""The group of what is spent on winning a customer; a commission is paid however it came."""

_Places = npt.NDArray[np.int64]
_Numbers = npt.NDArray[np.float64]


def find_acquisition_cost_saved(inputs: Inputs, ledger: pd.DataFrame) -> float:
    """Return what it costs to win a customer without a referral, in currency, positive.

    The mean cost of the group acquire over the customers that nobody referred and that any such
    cost was posted to. Commissions are left out: they are paid however a customer came. Where
    nothing was spent on winning any of them, nothing is saved, and it is 0.
    """
    spent = ledger[((ledger["group"] == ACQUIRE) & (ledger["customer"] != "")).to_numpy()]
    spent = spent[~spent["customer"].isin(set(inputs["Referrals"]["referred"].astype(str))).to_numpy()]
    by_customer = -spent.groupby("customer", observed=True)["amount"].sum()
    by_customer = by_customer[by_customer.abs() > 0]
    return float(by_customer.mean()) if len(by_customer) else 0.0


def value_referrals(inputs: Inputs, customers: pd.DataFrame, network: pd.DataFrame) -> pd.DataFrame:
    """Return the referral value of each customer.

    Args:
        inputs: the tables, Referrals among them.
        customers: the P&L of each customer, one row each.
        network: the referrals and what each is credited with, as :func:`list_network` gives them.

    Returns:
        A row a customer: ``type_one`` (Σ share × (1 − anyway) × (profit + referral value of the referred customer),
        so that chains are followed), ``type_two`` (Σ share × anyway × the acquisition cost saved), ``rewards``
        (negative), ``referral_value`` (their sum), ``referred`` (how many it referred itself) and ``chain``
        (how many those brought in turn too, each counted once). Money is blank where no Referrals are given. A
        referred customer that loses money takes from its referrer's value.
    """
    names = customers.index
    who = names.get_indexer(pd.Index(network["referrer"]))
    known = who >= 0
    given = inputs.has_rows("Referrals")
    frame = pd.DataFrame(index=names)
    for column, source in (("type_one", "type_one"), ("type_two", "type_two"), ("rewards", "reward")):
        sums = np.bincount(who[known], weights=network[source].to_numpy()[known], minlength=len(names))
        frame[column] = sums if given else np.nan
    frame["referral_value"] = frame["type_one"] + frame["type_two"] + frame["rewards"]
    followed = network[network["followed"].to_numpy()]
    place = names.get_indexer(pd.Index(followed["referrer"]))
    frame["referred"] = np.bincount(place[place >= 0], minlength=len(names))
    nodes, source_of, target_of = _list_nodes(followed)
    every = np.ones(len(followed), dtype=bool)
    brought = _count_brought(_arrange_chains(source_of, target_of, every, len(nodes)))
    frame["chain"] = pd.Series(brought, index=nodes).reindex(names, fill_value=0).to_numpy()
    return frame[list(COLUMNS)]


def list_network(inputs: Inputs, customers: pd.DataFrame, saved: float) -> pd.DataFrame:
    """Return the referrals, a row each, sorted by referrer and referred, and what each is credited with.

    The value *v* of the customers is the solution of *v = d + W v*, where *W* holds share × (1 − anyway)
    and *d* the credit for the referred customers' own profit, the acquisition cost saved and the rewards.
    On a network without rings it is found from the ends of the chains upwards, each referral once.

    Columns: ``referrer``, ``referred``, ``date``, ``share`` (where the shares of several referrers add up to more
    than 1, scaled to 1), ``anyway``, ``profit`` (the referred customer's own, 0 where nothing was posted to it),
    ``type_one``, ``type_two``, ``reward`` (negative), ``credited`` (the sum of the three), ``depth`` (1 where nobody
    referred the referrer, one more for each link above it), ``followed`` (False where the referral closes a
    ring: it earns no credit, its reward was paid all the same) and ``row`` (of the sheet).
    """
    edges = _list_edges(inputs)
    nodes, source, target = _list_nodes(edges)
    profit = customers[Measure.PROFIT].reindex(nodes).fillna(0.0).to_numpy(dtype=np.float64)
    followed = np.ones(len(edges), dtype=bool)
    followed[[last for last, _ in _find_rings(edges)]] = False
    share = edges["share"].to_numpy() * followed
    anyway = edges["anyway"].to_numpy()
    weight = share * (1.0 - anyway)
    type_two = share * anyway * saved
    reward = 0.0 - edges["reward"].to_numpy()
    direct = _sum_brought(source, weight * profit[target] + type_two + reward, len(nodes))
    chains = _arrange_chains(source, target, followed, len(nodes))
    whole = _sum_along_chains(chains, weight, direct)
    type_one = weight * (profit + whole)[target]
    depth = _find_depth(chains)[source] + 1
    return edges.assign(
        profit=profit[target],
        type_one=type_one,
        type_two=type_two,
        reward=reward,
        credited=type_one + type_two + reward,
        depth=depth,
        followed=followed,
    )[list(NETWORK)]


def add_up_chains(network: pd.DataFrame, weight: _Numbers, direct: pd.Series) -> _Numbers:
    """Return what each customer has of its own, and of those it brought along the chains: *v = d + W v*.

    Args:
        network: the referrals, as :func:`list_network` gives them; those that close a ring lead to nothing.
        weight: for each referral how much of what the referred customer has counts for its referrer.
        direct: what each customer has of its own.
    """
    nodes, source, target = _list_nodes(network)
    chains = _arrange_chains(source, target, network["followed"].to_numpy(dtype=bool), len(nodes))
    own = direct.reindex(nodes).fillna(0.0).to_numpy(dtype=np.float64)
    whole = pd.Series(_sum_along_chains(chains, weight, own), index=nodes).reindex(direct.index)
    return np.asarray(whole.fillna(direct), dtype=np.float64)


def _list_edges(inputs: Inputs) -> pd.DataFrame:
    """Return the referrals in an order that is not that of the sheet, shares scaled to 1 at most."""
    table = inputs["Referrals"]
    table = table[((table["referrer"] != "") & (table["referred"] != "")).to_numpy()]
    table = table.astype({"referrer": object, "referred": object})
    order = ["referrer", "referred", "date", "share", "anyway", "reward", "row"]
    table = books.sort_rows(table, order).reset_index(drop=True)
    total = table.groupby("referred", sort=False)["share"].transform("sum")
    return table.assign(share=table["share"] / total.clip(lower=1.0))


def _list_nodes(edges: pd.DataFrame) -> tuple[pd.Index, _Places, _Places]:
    """Return the customers of the network, sorted, and the places of each referral's two ends."""
    nodes = pd.Index(sorted({*edges["referrer"], *edges["referred"]}), dtype=object)
    source = nodes.get_indexer(pd.Index(edges["referrer"], dtype=object)).astype(np.int64)
    return nodes, source, nodes.get_indexer(pd.Index(edges["referred"], dtype=object)).astype(np.int64)


def _sum_brought(place: _Places, amounts: _Numbers, count: int) -> _Numbers:
    return np.bincount(place, weights=amounts, minlength=count).astype(np.float64)


class _Chains(NamedTuple):
    """A network without rings: each customer before those that it brought, and whom it brought by which referral."""

    order: list[int]
    brought: list[list[tuple[int, int]]]
    """For each customer those that it referred, each with the referral's place, in the order of the referrals."""

    times: list[int]
    """How many followed referrals lead to each."""


def _arrange_chains(source: _Places, target: _Places, followed: npt.NDArray[np.bool_], count: int) -> _Chains:
    """Return the network of the referrals that are followed, which have no rings."""
    brought: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    times = [0] * count
    for place in np.flatnonzero(followed).tolist():
        brought[int(source[place])].append((int(target[place]), place))
        times[int(target[place])] += 1
    left, order = list(times), [at for at in range(count) if not times[at]]
    for at in order:  # it grows meanwhile
        for next_at, _place in brought[at]:
            left[next_at] -= 1
            if not left[next_at]:
                order.append(next_at)
    return _Chains(order, brought, times)


def _sum_along_chains(chains: _Chains, weight: _Numbers, direct: _Numbers) -> _Numbers:
    """Return what each customer brings in all: what it brings itself, and its weight in what those bring."""
    whole, weights = direct.tolist(), weight.tolist()
    for at in reversed(chains.order):
        for next_at, place in chains.brought[at]:
            whole[at] += weights[place] * whole[next_at]
    return np.array(whole, dtype=np.float64)


def _find_depth(chains: _Chains) -> _Places:
    """Return how many links stand above each customer, along the longest chain that leads to it."""
    depth = [0] * len(chains.times)
    for at in chains.order:
        for next_at, _place in chains.brought[at]:
            depth[next_at] = max(depth[next_at], depth[at] + 1)
    return np.array(depth, dtype=np.int64)


def _count_brought(chains: _Chains) -> _Places:
    """Return how many different customers each has brought, those included that came through others.

    A customer that one alone referred is counted with it. Those that several did are the heads of further chains:
    which of them a customer reaches is a bit each, so that none is counted twice.
    """
    own, reached = [0] * len(chains.times), [0] * len(chains.times)
    heads: list[int] = []
    bit: dict[int, int] = {}
    counted: dict[int, int] = {0: 0}
    total = [0] * len(chains.times)
    for at in reversed(chains.order):
        for next_at in {next_at for next_at, _place in chains.brought[at]}:
            reached[at] |= reached[next_at]
            if chains.times[next_at] == 1:
                own[at] += 1 + own[next_at]
            else:
                if next_at not in bit:
                    bit[next_at] = len(heads)
                    heads.append(1 + own[next_at])
                reached[at] |= 1 << bit[next_at]
        if reached[at] not in counted:
            counted = {0: 0} if len(counted) > _REMEMBERED else counted
            counted[reached[at]] = sum(size for n, size in enumerate(heads) if reached[at] >> n & 1)
        total[at] = own[at] + counted[reached[at]]
    return np.array(total, dtype=np.int64)


_REMEMBERED = 1_000
"""So many sets of heads are remembered with the customers that they stand for."""


def _find_rings(edges: pd.DataFrame) -> list[tuple[int, list[str]]]:
    """Return, for each referral that closes a ring, its place and the names around the ring.

    Referrals are taken by date; one is not followed where those before it, as far as they are followed, lead
    from the referred customer back to its referrer. The loop is over the referrals that are left when the ends of
    chains have been taken off: those of rings, which are rare or mistakes, and those between rings.
    """
    nodes, source, target = _list_nodes(edges)
    date = edges["date"].fillna(pd.Timestamp.min).to_numpy()
    order = np.lexsort([target, source, date, edges["date"].isna().to_numpy()]).astype(np.int64)
    brought: dict[int, list[int]] = {}
    joined = list(range(len(nodes)))
    found = []
    for place in _find_core(order, source, target, len(nodes)):
        apart = _join_networks(joined, int(source[place]), int(target[place]))
        path = [] if apart else _find_path(int(target[place]), int(source[place]), brought)
        if path:
            found.append((int(place), [str(nodes[i]) for i in (path[-1], *path)]))
        else:
            brought.setdefault(int(source[place]), []).append(int(target[place]))
    return sorted(found, key=lambda ring: ring[0])


def _join_networks(joined: list[int], one: int, other: int) -> bool:
    """Join the networks of two customers; whether they were two, so that no way led from one to the other."""
    ends = []
    for at in (one, other):
        while joined[at] != at:
            joined[at] = at = joined[joined[at]]
        ends.append(at)
    joined[ends[0]] = ends[1]
    return ends[0] != ends[1]


def _find_core(kept: _Places, source: _Places, target: _Places, count: int) -> list[int]:
    """Return which of some referrals are left when those at the ends of chains are taken off, over and over."""
    left = dict.fromkeys(kept.tolist())
    for begins, ends in ((source.tolist(), target.tolist()), (target.tolist(), source.tolist())):
        times, onward = [0] * count, [list[int]() for _ in range(count)]
        for place in left:
            times[ends[place]] += 1
            onward[begins[place]].append(place)
        bare = [at for at in range(count) if not times[at]]
        for at in bare:  # it grows meanwhile
            for place in onward[at]:
                left.pop(place, None)
                times[ends[place]] -= 1
                if not times[ends[place]]:
                    bare.append(ends[place])
    return list(left)


def _find_path(start: int, end: int, brought: dict[int, list[int]]) -> list[int]:
    """Return the customers on a shortest way from one to another, both included; empty where there is none."""
    came_by = {start: start}
    waiting = deque([start])
    while waiting and end not in came_by:
        name = waiting.popleft()
        for next_name in brought.get(name, ()):
            if next_name not in came_by:
                came_by[next_name] = name
                waiting.append(next_name)
    if end not in came_by:
        return []
    path = [end]
    while path[-1] != start:
        path.append(came_by[path[-1]])
    return path[::-1]
