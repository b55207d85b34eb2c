"""Training the network of `ranking` with torch: which of the candidates came next, by softmax over them."""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence as Many
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from bots.recommendation.events import Floats
from bots.recommendation.ranking import LIMIT, Ranking

HIDDEN = 32
BATCH = 32
EPOCHS = 12
PATIENCE = 2
AGAINST = 100  # candidates of an example that did not come next, drawn to stand for all of them
Example = tuple[Floats, Floats]  # what is known of the candidates; 1 for those that came next
Ready = tuple[Tensor, Tensor, float]  # the same, drawn; and what each drawn one is lifted by


class Network(nn.Module):
    def __init__(self, many: int) -> None:
        super().__init__()
        self.first = nn.Linear(many, HIDDEN)
        self.second = nn.Linear(HIDDEN, 1, bias=False)
        self.direct = nn.Linear(many, 1, bias=False)
        self.drop = nn.Dropout(0.1)
        nn.init.zeros_(self.second.weight)
        nn.init.zeros_(self.direct.weight)

    def forward(self, x: Tensor) -> Tensor:
        hidden = self.drop(torch.relu(self.first(x)))
        return (self.second(hidden) + self.direct(x)).squeeze(-1)


def fitted(examples: Many[Example], *, times: int = 3, seed: int = 7) -> Ranking:
    """Of `times` networks, each stopped early on a tenth of the examples of its own."""
    useful = [one for one in examples if one[1].any()]
    every = np.concatenate([known for known, _ in useful])
    mean, spread = every.mean(axis=0), every.std(axis=0) + 1e-3
    chance = np.random.default_rng(seed)
    ready = [_drawn(known, came, mean, spread, chance) for known, came in useful]
    weights = [_one(ready, seed + number) for number in range(times)]
    return Ranking(mean, spread, weights, len(useful) / len(examples))


def _drawn(
    known: Floats, came: Floats, mean: Floats, spread: Floats, chance: np.random.Generator
) -> Ready:
    """What came, and some of what did not; these count for as many as they stand for."""
    others = np.flatnonzero(came == 0)
    some = chance.permutation(others)[:AGAINST]
    kept = np.concatenate([np.flatnonzero(came), some])
    x = np.clip((known[kept] - mean) / spread, -LIMIT, LIMIT)
    lift = math.log(len(others) / len(some)) if len(some) else 0.0
    return torch.from_numpy(x), torch.from_numpy(came[kept]), lift


def _one(ready: list[Ready], seed: int) -> dict[str, Floats]:
    torch.manual_seed(seed)
    order = np.random.default_rng(seed).permutation(len(ready))
    apart = max(len(ready) // 10, 1)
    watched, learnt = order[:apart], order[apart:]
    network = Network(ready[0][0].shape[1])
    optimiser = torch.optim.AdamW(network.parameters(), lr=5e-3, weight_decay=1e-3)
    best, best_epoch, kept = float("inf"), 0, copy.deepcopy(network.state_dict())
    chance = np.random.default_rng(seed)
    for epoch in range(EPOCHS):
        network.train()
        for group in _groups(chance.permutation(learnt)):
            loss = _loss(network, [ready[place] for place in group])
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
        network.eval()
        with torch.inference_mode():
            lost = [float(_loss(network, [ready[place] for place in group])) * len(group) for group in _groups(watched)]  # fmt: skip
        if sum(lost) < best:
            best, best_epoch, kept = sum(lost), epoch, copy.deepcopy(network.state_dict())
        if epoch - best_epoch >= PATIENCE:
            break
    return {name: value.numpy().copy() for name, value in kept.items()}


def _groups(order: Any) -> list[Any]:
    return [order[first : first + BATCH] for first in range(0, len(order), BATCH)]


def _loss(network: Network, group: Many[Ready]) -> Tensor:
    long = max(len(known) for known, _, _ in group)
    x = torch.zeros(len(group), long, group[0][0].shape[1])
    came, lift = torch.zeros(len(group), long), torch.full((len(group), long), -1e9)
    for row, (known, wanted, by) in enumerate(group):
        x[row, : len(known)], came[row, : len(known)] = known, wanted
        lift[row, : len(known)] = by * (1 - wanted)
    lost = torch.log_softmax(network(x) + lift, dim=1) * came
    return -(lost.sum(1) / came.sum(1)).mean()
