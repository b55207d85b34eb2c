"""A trained encoder as it serves: its thin layers are added to the frozen ones, and all is eight bits."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from bots.language.local_bert import Bert, Layer, product
from bots.language.local_layers import Product
from bots.sentiment.blend import softmax
from bots.sentiment.local_trunks import Trunk, TrunkLayer
from bots.sentiment.local_tuning import Tuned
from bots.sentiment.weights import Arrays

Floats = NDArray[np.float32]


class Encoder:
    """Texts → log-odds. One thread at a time; a `twin` for each other one."""

    def __init__(self, trunk: Trunk, arrays: Arrays) -> None:
        self._spelt = trunk.spelt
        self._head = arrays["head.w"], arrays["head.b"]
        self._kinds = (arrays["kinds.w"], arrays["kinds.b"]) if "kinds.w" in arrays else None
        self._bert = Bert(
            words=trunk.words,
            places=trunk.places,
            first=trunk.first,
            layers=[
                _layer(layer, arrays, number, longest=len(trunk.places))
                for number, layer in enumerate(trunk.layers)
            ],
            heads=trunk.heads,
            eps=trunk.eps,
        )

    def twin(self) -> Encoder:
        """The same weights, for another thread."""
        twin = copy(self)
        twin._bert = self._bert.twin()  # noqa: SLF001 -- of its own kind
        return twin

    def opinions(self, texts: Sequence[str]) -> Floats:
        """Log-odds of the three labels, and behind them the chances of the kinds of text that it knows:
        shape (texts, 3 + kinds)."""
        pooled = self.pooled(texts)
        weight, bias = self._head
        said = [pooled @ weight.T + bias]
        if self._kinds:
            weight, bias = self._kinds
            said.append(softmax(pooled @ weight.T + bias))
        found: Floats = np.concatenate(said, axis=1).astype(np.float32)
        return found

    def pooled(self, texts: Sequence[str]) -> Floats:
        """The first piece and the mean of each text, shape (texts, 768); what goes together is of like
        length, and no text changes another's."""
        spelt = [self._spelt(text) for text in texts]
        order = sorted(range(len(spelt)), key=lambda place: len(spelt[place]))
        pooled = self._bert.pooled([spelt[place] for place in order]).numpy()
        found = np.empty_like(pooled)
        found[order] = pooled
        return found


def bare(trunk: Trunk) -> Encoder:
    """The encoder as it came, for what is fitted on its vectors."""
    size = 2 * trunk.places.shape[1]
    return Encoder(
        trunk, {"head.w": np.zeros((3, size), np.float32), "head.b": np.zeros(3, np.float32)}
    )


def arrays_of(tuned: Tuned) -> dict[str, NDArray[Any]]:
    """What has been learnt, in sixteen bits."""
    found: dict[str, NDArray[Any]] = {
        "head.w": tuned.head.weight.detach().numpy().astype(np.float32),
        "head.b": tuned.head.bias.detach().numpy().astype(np.float32),
    }
    for number, layer in enumerate(tuned.layers):
        if number < tuned.recipe.first:
            continue
        for place, thin in layer.products.items():  # type: ignore[operator, union-attr]
            found[f"{number}.{place}.narrow"] = thin.narrow.detach().numpy().astype(np.float16)
            found[f"{number}.{place}.wide"] = thin.wide.detach().numpy().astype(np.float16)
    return found


def _layer(layer: TrunkLayer, arrays: Arrays, number: int, *, longest: int) -> Layer:
    def made(place: str) -> Product:
        weight = layer.weights[place]
        if (wide := arrays.get(f"{number}.{place}.wide")) is not None:
            weight = weight + _tensor(wide) @ _tensor(arrays[f"{number}.{place}.narrow"])
        return product(weight, layer.biases[place], longest=longest)

    return Layer(
        qkv=made("qkv"),
        out=made("out"),
        after=layer.after,
        up=made("up"),
        down=made("down"),
        last=layer.last,
    )


def _tensor(array: NDArray[Any]) -> Tensor:
    return torch.from_numpy(array.astype(np.float32))
