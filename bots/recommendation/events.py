"""Who did what, and when: a log of events as arrays. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Floats = NDArray[np.float32]
Moments = NDArray[np.float64]  # seconds since 1970
Events = Sequence[tuple[str, str, float]]  # customer, item, moment

ORDINAL = 100_000_000.0  # a newest moment before 1973 is an ordinal number, not a time
DAY = 86_400.0
BASKET = 3.0  # events a customer has at one moment, on average, from which they are baskets
REPEATING = 1.5  # the same, where customers come back to the same items


class NothingToLearn(Exception):
    """The events cannot carry a recommender; the sentence says why."""


@dataclass(frozen=True)
class Log:
    """Events, sorted by customer, then time, then as they came.

    `start[c]:start[c + 1]` are the events of customer `c`.
    """

    customers: list[str]
    items: list[str]
    start: NDArray[np.int64]
    item: Ints
    at: Moments

    @cached_property
    def customer(self) -> Ints:
        """The customer of each event."""
        return np.repeat(np.arange(len(self.customers), dtype=np.int32), np.diff(self.start))

    @property
    def end(self) -> float:
        """The newest moment."""
        return float(self.at.max()) if len(self.at) else 0.0

    @cached_property
    def repeats(self) -> float:
        """The share of events whose customer had had the item at an earlier moment."""
        if not len(self.item):
            return 0.0
        pairs = self.customer.astype(np.int64) * len(self.items) + self.item
        order = np.argsort(pairs, kind="stable")  # within a pair the order of time is kept
        same = pairs[order][1:] == pairs[order][:-1]
        later = self.at[order][1:] > self.at[order][:-1]
        return float((same & later).sum() / len(self.item))

    @cached_property
    def at_once(self) -> float:
        """Events a customer has at one moment, on average."""
        if not len(self.at):
            return 0.0
        fresh = (np.diff(self.at) != 0) | (np.diff(self.customer) != 0)
        return len(self.at) / (1 + int(fresh.sum()))

    @property
    def baskets(self) -> bool:
        """Whether what bears one moment was taken together."""
        return self.at_once >= (REPEATING if self.repeats >= 0.05 else BASKET)

    def history(self, customer: int) -> tuple[Ints, Moments]:
        here = slice(self.start[customer], self.start[customer + 1])
        return self.item[here], self.at[here]

    def kept(self, keep: NDArray[np.bool_]) -> Log:
        """The same customers and items, with only these events."""
        counts = np.bincount(self.customer[keep], minlength=len(self.customers))
        start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return Log(self.customers, self.items, start, self.item[keep], self.at[keep])


def gathered(events: Iterable[tuple[str, str, float]]) -> Log:
    """A log out of events in any order; equal moments keep the order in which they came."""
    customers: dict[str, int] = {}
    items: dict[str, int] = {}
    who: list[int] = []
    what: list[int] = []
    when: list[float] = []
    for customer, item, at in events:
        who.append(customers.setdefault(customer, len(customers)))
        what.append(items.setdefault(item, len(items)))
        when.append(at)
    customer_of = np.asarray(who, dtype=np.int32)
    at_of = np.asarray(when, dtype=np.float64)
    order = np.lexsort((at_of, customer_of))  # lexsort is stable
    start = np.concatenate([[0], np.cumsum(np.bincount(customer_of, minlength=len(customers)))])
    return Log(
        list(customers),
        list(items),
        start.astype(np.int64),
        np.asarray(what, dtype=np.int32)[order],
        at_of[order],
    )
