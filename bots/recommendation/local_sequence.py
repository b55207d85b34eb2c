"""Training the transformer of `sequence` with torch: sampled softmax, early stopping on what came next."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable
from collections.abc import Sequence as Many
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from bots.recommendation.events import Ints, Log
from bots.recommendation.holding_out import Case
from bots.recommendation.sequence import Sequence

WATCHED = 2_000  # cases that are looked at after an epoch
BATCH = 4_096  # events in a batch, about


@dataclass(frozen=True)
class Shape:
    """How large the network is, and how it learns."""

    width: int = 64
    heads: int = 2
    blocks: int = 2
    longest: int = 50
    dropout: float = 0.3
    negatives: int = 2_048  # other items that the next one is told from; all, if there are no more
    rate: float = 1e-3
    epochs: int = 60
    patience: int = 4
    minutes: float = 10.0


@dataclass(frozen=True)
class Learnt:
    sequence: Sequence
    epochs: int
    curve: list[dict[str, float]]


class Block(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads, self.dropout = shape.heads, shape.dropout
        self.before, self.between = nn.LayerNorm(shape.width), nn.LayerNorm(shape.width)
        self.three, self.out = nn.Linear(shape.width, 3 * shape.width), nn.Linear(shape.width, shape.width)  # fmt: skip
        self.first, self.second = nn.Linear(shape.width, 2 * shape.width), nn.Linear(2 * shape.width, shape.width)  # fmt: skip
        self.drop = nn.Dropout(shape.dropout)

    def forward(self, x: Tensor) -> Tensor:
        many, long, width = x.shape
        three = self.three(self.before(x)).view(many, long, 3, self.heads, width // self.heads)
        asks, keys, values = three.permute(2, 0, 3, 1, 4)
        kept = self.dropout if self.training else 0.0
        mixed = functional.scaled_dot_product_attention(
            asks, keys, values, dropout_p=kept, is_causal=True
        )
        x = x + self.drop(self.out(mixed.transpose(1, 2).reshape(many, long, width)))
        return x + self.drop(self.second(functional.relu(self.first(self.between(x)))))


class Network(nn.Module):
    """Items' and places' tables, blocks, a last normalisation, and how frequent an item is."""

    def __init__(self, many: int, shape: Shape) -> None:
        super().__init__()
        self.items = nn.Embedding(many, shape.width)
        self.places = nn.Embedding(shape.longest, shape.width)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.blocks))
        self.after = nn.LayerNorm(shape.width)
        self.bias = nn.Parameter(torch.zeros(many))
        self.drop = nn.Dropout(shape.dropout)
        for table in (self.items, self.places):
            nn.init.normal_(table.weight, std=0.02)

    def forward(self, items: Tensor) -> Tensor:
        """States (customers × places × width); a place sees only what came before it."""
        width = self.items.weight.shape[1]
        x = self.items(items) * math.sqrt(width) + self.places.weight[: items.shape[1]]
        x = self.drop(x)
        for block in self.blocks:
            x = block(x)
        return self.after(x)


def fitted(
    log: Log, cases: Many[Case], shape: Shape, *, told: Callable[[int], None], seed: int = 7
) -> Learnt:
    """Learn from the log until the cases get no better, or time is over."""
    torch.manual_seed(seed)
    network = Network(len(log.items), shape)
    with torch.no_grad():
        often = np.bincount(log.item, minlength=len(log.items)) + 1.0
        network.bias.copy_(torch.from_numpy(np.log(often / often.mean())).float())
    chosen = np.random.default_rng(seed).permutation(len(cases))[:WATCHED]
    watched = [cases[place] for place in chosen]
    best, best_epoch, kept = -1.0, 0, copy.deepcopy(network.state_dict())
    curve: list[dict[str, float]] = []
    began = time.monotonic()
    optimiser = torch.optim.AdamW(network.parameters(), lr=shape.rate, weight_decay=0.0)
    for epoch in range(1, shape.epochs + 1):
        loss = _epoch(network, optimiser, log, shape, seed=seed * 1000 + epoch)
        found = _watched(network, watched, repeats=log.repeats > 0.01)
        curve.append({"epoch": epoch, "loss": loss, "ndcg@10": found})
        told(1)
        if found > best:
            best, best_epoch, kept = found, epoch, copy.deepcopy(network.state_dict())
        if epoch - best_epoch >= shape.patience or time.monotonic() - began > 60 * shape.minutes:
            break
    network.load_state_dict(kept)
    return Learnt(_exported(network, shape), best_epoch, curve)


def continued(
    sequence: Sequence, log: Log, shape: Shape, epochs: int, *, seed: int = 11
) -> Sequence:
    """The same network after some more epochs over a longer log with the same items."""
    torch.manual_seed(seed)
    network = Network(len(log.items), shape)
    network.load_state_dict({n: torch.from_numpy(v.copy()) for n, v in sequence.weights.items()})
    optimiser = torch.optim.AdamW(network.parameters(), lr=shape.rate / 2, weight_decay=0.0)
    for epoch in range(epochs):
        _epoch(network, optimiser, log, shape, seed=seed * 1000 + epoch)
    return _exported(network, shape)


def _exported(network: Network, shape: Shape) -> Sequence:
    weights = {name: value.detach().numpy().copy() for name, value in network.state_dict().items()}
    return Sequence(weights, shape.heads)


def _epoch(network: Network, optimiser: Any, log: Log, shape: Shape, *, seed: int) -> float:
    chance = np.random.default_rng(seed)
    network.train()
    many, lost, seen = len(log.items), 0.0, 0
    for inputs, wanted in _batches(_windows(log, shape.longest, chance), chance):
        states = network(inputs)
        real = wanted >= 0
        loss = _loss(network, states[real], wanted[real], min(shape.negatives, many), chance)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimiser.step()
        lost, seen = lost + float(loss.detach()) * int(real.sum()), seen + int(real.sum())
    return lost / max(seen, 1)


def _loss(
    network: Network, states: Tensor, wanted: Tensor, negatives: int, chance: np.random.Generator
) -> Tensor:
    """Cross-entropy over all items, or over the wanted one and a uniform sample that stands for the rest."""
    table, bias = network.items.weight, network.bias
    many = table.shape[0]
    if negatives >= many:
        return functional.cross_entropy(states @ table.T + bias, wanted)
    others = torch.from_numpy(chance.choice(many, negatives, replace=False))
    against = states @ table[others].T + bias[others] + math.log(many / negatives)
    against = against.masked_fill(others[None, :] == wanted[:, None], -1e9)
    own = (states * table[wanted]).sum(1) + bias[wanted]
    return (torch.logsumexp(torch.cat([own[:, None], against], 1), 1) - own).mean()


def _windows(log: Log, longest: int, chance: np.random.Generator) -> list[Ints]:
    """Stretches of histories, at most longest + 1 events each; where a long one is cut is left to chance."""
    found: list[Ints] = []
    for customer in range(len(log.customers)):
        items, _ = log.history(customer)
        end = len(items)
        if end > longest + 1:
            found.append(items[end - longest - 1 :])
            end -= longest - int(chance.integers(0, longest // 2 + 1))
        while end >= 2:
            found.append(items[max(0, end - longest - 1) : end])
            end -= longest
    return found


def _batches(windows: list[Ints], chance: np.random.Generator) -> Any:
    """Inputs and what comes next (−1 beyond the end), windows of like length together."""
    lengths = np.array([len(one) for one in windows]) + chance.random(len(windows)) * 4
    order = np.argsort(lengths)
    groups, first = [], 0
    while first < len(order):
        long = max(len(windows[order[min(first, len(order) - 1)]]), 8)
        groups.append(order[first : first + max(BATCH // long, 8)])
        first += len(groups[-1])
    for number in chance.permutation(len(groups)):
        group = [windows[place] for place in groups[number]]
        long = max(map(len, group)) - 1
        inputs, wanted = np.zeros((len(group), long), np.int64), np.full((len(group), long), -1)
        for row, one in enumerate(group):
            inputs[row, : len(one) - 1], wanted[row, : len(one) - 1] = one[:-1], one[1:]
        yield torch.from_numpy(inputs), torch.from_numpy(wanted)


@torch.inference_mode()
def _watched(network: Network, cases: Many[Case], *, repeats: bool) -> float:
    """NDCG@10 over all items, those of the history left out unless they come again."""
    network.eval()
    gains: list[float] = []
    longest = network.places.weight.shape[0]
    for first in range(0, len(cases), 100):
        some = cases[first : first + 100]
        inputs = np.zeros((len(some), max(min(len(one.items), longest) for one in some)), np.int64)
        last = np.array([min(len(one.items), longest) - 1 for one in some])
        for row, one in enumerate(some):
            inputs[row, : last[row] + 1] = one.items[-longest:]
        states = network(torch.from_numpy(inputs))[torch.arange(len(some)), torch.from_numpy(last)]
        scores = states @ network.items.weight.T + network.bias
        for row, one in enumerate(some):
            if not repeats:
                scores[row, torch.from_numpy(one.items.astype(np.int64))] = -math.inf
            top = scores[row].topk(min(10, scores.shape[1])).indices.numpy()
            hits = np.isin(top, one.wanted)
            best = (1 / np.log2(2 + np.arange(min(len(one.wanted), 10)))).sum()
            gains.append(float((hits / np.log2(2 + np.arange(len(top)))).sum() / best))
    return float(np.mean(gains)) if gains else 0.0
