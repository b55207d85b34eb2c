"""Training: thin layers beside those of an encoder (LoRA, Hu et al. 2021), and a head of three answers.

The encoder's own matrices stay as they are and are held in bfloat16, which the CPU's matrix unit takes;
only the thin ones learn, in full precision.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from bots.sentiment.local_trunks import PLACES, Trunk, TrunkLayer

ANSWERS = 3
Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Recipe:
    """How one encoder is trained. `first`: the lowest layer that learns; below it nothing changes."""

    rank: int = 16
    first: int = 4
    rate: float = 1e-3
    rounds: int = 3
    together: int = 32
    dropout: float = 0.1
    smoothing: float = 0.02
    seed: int = 7


class Thin(nn.Module):
    """A frozen product with a thin one beside it."""

    def __init__(self, weight: Tensor, bias: Tensor, *, rank: int, dropout: float) -> None:
        super().__init__()
        self.register_buffer("weight", weight.bfloat16(), persistent=False)
        self.register_buffer("bias", bias.bfloat16(), persistent=False)
        self.narrow = nn.Parameter(torch.empty(rank, weight.shape[1]))
        self.wide = nn.Parameter(torch.zeros(weight.shape[0], rank))
        nn.init.kaiming_uniform_(self.narrow, a=math.sqrt(5))
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        frozen = functional.linear(x, self.weight, self.bias)  # type: ignore[arg-type]
        aside = self.drop(functional.linear(x, self.narrow.bfloat16()))
        return frozen + functional.linear(aside, self.wide.bfloat16())


class ThinLayer(nn.Module):
    def __init__(self, layer: TrunkLayer, heads: int, eps: float, recipe: Recipe) -> None:
        super().__init__()
        self.heads, self.eps = heads, eps
        self.products = nn.ModuleDict(
            {
                place: Thin(
                    layer.weights[place],
                    layer.biases[place],
                    rank=recipe.rank,
                    dropout=recipe.dropout,
                )
                for place in PLACES
            }
        )
        for name, (weight, bias) in (("after", layer.after), ("last", layer.last)):
            self.register_buffer(f"{name}_w", weight, persistent=False)
            self.register_buffer(f"{name}_b", bias, persistent=False)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """`x`: (texts, pieces, size) in bfloat16; `mask`: what is filling is minus infinity."""
        count, longest, _ = x.shape
        asked, known, said = (
            self.products["qkv"](x).view(count, longest, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        )
        # By hand: the way back through torch's own kernel takes eight times as long on short texts.
        looks = asked @ known.transpose(-1, -2) * asked.shape[-1] ** -0.5 + mask
        seen = looks.softmax(-1) @ said
        seen = seen.transpose(1, 2).reshape(count, longest, -1)
        x = self._norm(x + self.products["out"](seen), self.after_w, self.after_b)
        wide = functional.gelu(self.products["up"](x))
        return self._norm(x + self.products["down"](wide), self.last_w, self.last_b)

    def _norm(self, x: Tensor, weight: Tensor | nn.Module, bias: Tensor | nn.Module) -> Tensor:
        normed = functional.layer_norm(x.float(), (x.shape[-1],), weight, bias, self.eps)  # type: ignore[arg-type]
        return normed.bfloat16()


class Tuned(nn.Module):
    """Texts as pieces → three numbers each (log-odds of negative, neutral, positive)."""

    def __init__(self, trunk: Trunk, recipe: Recipe) -> None:
        super().__init__()
        self.trunk = trunk
        self.recipe = recipe
        self.layers = nn.ModuleList(
            ThinLayer(layer, trunk.heads, trunk.eps, recipe) for layer in trunk.layers
        )
        for layer in self.layers[: recipe.first]:
            layer.requires_grad_(requires_grad=False)
        self.drop = nn.Dropout(recipe.dropout)
        self.head = nn.Linear(2 * trunk.places.shape[1], ANSWERS)

    def forward(self, texts: Sequence[list[int]]) -> Tensor:
        x, real, mask = self._embedded(texts)
        with torch.no_grad():
            for layer in self.layers[: self.recipe.first]:
                x = layer(x, mask)
        for layer in self.layers[self.recipe.first :]:
            x = layer(x, mask)
        x = x.float() * real[..., None]
        pooled = torch.cat([x[:, 0], x.sum(1) / real.sum(1, keepdim=True)], 1)
        answer: Tensor = self.head(self.drop(pooled))
        return answer

    @torch.no_grad()
    def _embedded(self, texts: Sequence[list[int]]) -> tuple[Tensor, Tensor, Tensor]:
        sizes = torch.tensor([len(text) for text in texts])
        longest = int(sizes.max())
        real = torch.arange(longest)[None] < sizes[:, None]
        words = self.trunk.words([piece for text in texts for piece in text])
        places = torch.arange(longest).expand(len(texts), longest)[real]
        flat = functional.layer_norm(
            words + self.trunk.places[places],
            (words.shape[1],),
            self.trunk.first[0],
            self.trunk.first[1],
            self.trunk.eps,
        )
        x = torch.zeros(*real.shape, words.shape[1], dtype=torch.bfloat16)
        x[real] = flat.bfloat16()
        mask = torch.zeros(real.shape, dtype=torch.bfloat16).masked_fill_(~real, float("-inf"))
        return x, real.float(), mask[:, None, None]


def tune(
    trunk: Trunk,
    texts: Sequence[str],
    answers: Ints,
    recipe: Recipe,
    *,
    step: Callable[[int], None],
) -> Tuned:
    """`answers`: 0 negative, 1 neutral, 2 positive, shape (texts,). `step` hears of texts that are done."""
    torch.manual_seed(recipe.seed)
    model = Tuned(trunk, recipe)
    spelt = [trunk.spelt(text) for text in texts]
    learning = [one for one in model.parameters() if one.requires_grad]
    best = torch.optim.AdamW(learning, lr=recipe.rate, weight_decay=0.01)
    steps = recipe.rounds * math.ceil(len(texts) / recipe.together)
    pace = torch.optim.lr_scheduler.OneCycleLR(
        best, recipe.rate, total_steps=steps + 1, pct_start=0.1, anneal_strategy="linear"
    )
    chance = np.random.default_rng(recipe.seed)
    model.train()
    for _ in range(recipe.rounds):
        for batch in shuffled(spelt, recipe.together, chance):
            loss = functional.cross_entropy(
                model([spelt[place] for place in batch]),
                torch.from_numpy(answers[batch]),
                label_smoothing=recipe.smoothing,
            )
            best.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(learning, 1.0)
            best.step()
            pace.step()
            step(len(batch))
    return model.eval()


@torch.no_grad()
def logits(model: Tuned, texts: Sequence[str], together: int = 64) -> Floats:
    """Shape (texts, 3)."""
    spelt = [model.trunk.spelt(text) for text in texts]
    found = np.zeros((len(texts), ANSWERS), dtype=np.float32)
    order = np.argsort([len(one) for one in spelt], kind="stable")
    for start in range(0, len(order), together):
        places = order[start : start + together]
        found[places] = model([spelt[place] for place in places]).numpy()
    return found


def shuffled(
    spelt: Sequence[list[int]], together: int, chance: np.random.Generator
) -> Iterator[Ints]:
    """Batches by chance, of texts of like length: little is filled up."""
    order = chance.permutation(len(spelt))
    wide = together * 32
    batches: list[Ints] = []
    for start in range(0, len(order), wide):
        some = order[start : start + wide]
        some = some[np.argsort([len(spelt[place]) for place in some], kind="stable")]
        batches += [some[at : at + together] for at in range(0, len(some), together)]
    for number in chance.permutation(len(batches)):
        yield batches[number]
