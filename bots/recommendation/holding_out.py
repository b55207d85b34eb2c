"""Which events are kept back: of every customer the newest, never anything older than what is learnt from. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bots.recommendation.events import Ints, Log, Moments


@dataclass(frozen=True)
class Case:
    """What a customer had done, and what came next: one item, or the items of one basket."""

    customer: int
    items: Ints
    at: Moments
    wanted: Ints


def last(log: Log, *, steps: int = 1, least: int = 2) -> tuple[Log, list[Case]]:
    """The log without each customer's newest `steps` events (or baskets), and these as cases.

    Who would keep fewer than `least` events gives up fewer steps, or none.
    """
    keep = np.ones(len(log.item), dtype=bool)
    cases: list[Case] = []
    for customer in range(len(log.customers)):
        first, end = int(log.start[customer]), int(log.start[customer + 1])
        for _ in range(steps):
            begin = _step(log, first, end)
            if begin - first < least:
                break
            wanted = np.unique(log.item[begin:end])
            cases.append(Case(customer, log.item[first:begin], log.at[first:begin], wanted))
            keep[begin:end] = False
            end = begin
    return log.kept(keep), cases


def _step(log: Log, first: int, end: int) -> int:
    if not log.baskets:
        return end - 1
    begin = int(np.searchsorted(log.at[first:end], log.at[end - 1], side="left"))
    return first + begin
