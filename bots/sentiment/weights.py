"""What training found, in one file of some megabytes: thin layers, heads, hashed runs, and the blend."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from bots.language.model import ModelUnavailable
from bots.sentiment.blend import Blend
from bots.sentiment.grams import Grams

SHIPPED = Path(__file__).with_name("shipped") / "sentiment.npz"
GROUPS = ("en", "zh", "other")
FORMAT = 3  # some blends have a first one of what costs little
Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Weights:
    """`tuned`: of each encoder its arrays: `head.w`, `head.b`, and `<layer>.<place>.narrow|wide`. `first`: of some
    groups the blend of what costs little, which is asked before the whole one."""

    tuned: Mapping[str, Arrays]
    grams: Mapping[str, Grams]
    blends: Mapping[str, Blend]
    first: Mapping[str, Blend]

    @cached_property
    def version(self) -> str:
        """Eight letters that are other ones for other weights."""
        digest = sha256()
        for name, array in sorted(_flat(self).items()):
            digest.update(name.encode())
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()[:8]


def save(weights: Weights, path: Path) -> None:
    """Whole or not at all: written beside, and swapped."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with fresh.open("wb") as stream:
            np.savez_compressed(stream, allow_pickle=False, **_flat(weights))
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def load(path: Path = SHIPPED) -> Weights:
    """`ModelUnavailable` where they are missing or damaged."""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as read:
            flat = {name: read[name] for name in read.files}
        if int(flat.pop("format")) != FORMAT:
            raise ModelUnavailable("broken_file", f"{path} is of another format.")
        return _unflat(flat)
    except FileNotFoundError as problem:
        raise ModelUnavailable("missing_file", f"{path} is not there.") from problem
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as problem:
        raise ModelUnavailable("broken_file", f"{path} cannot be read.") from problem


def _flat(weights: Weights) -> dict[str, NDArray[Any]]:
    flat: dict[str, NDArray[Any]] = {"format": np.array(FORMAT)}
    for name, arrays in weights.tuned.items():
        flat |= {f"tuned/{name}/{key}": array for key, array in arrays.items()}
    for name, grams in weights.grams.items():
        at = f"grams/{name}/"
        flat |= {
            f"{at}chinese": np.array(grams.chinese),
            f"{at}rarity": grams.rarity,
            f"{at}weights": grams.weights,
            f"{at}scale": grams.scale,
            f"{at}bias": grams.bias,
        }
    for kind, blends in (("blend", weights.blends), ("first", weights.first)):
        for name, blend in blends.items():
            at = f"{kind}/{name}/"
            flat |= {
                f"{at}parts": np.array(blend.parts),
                f"{at}weights": blend.weights,
                f"{at}bias": blend.bias,
            }
    return flat


def _unflat(flat: Arrays) -> Weights:
    kinds = ("tuned", "grams", "blend", "first")
    found: dict[str, dict[str, dict[str, NDArray[Any]]]] = {kind: {} for kind in kinds}
    for key, array in flat.items():
        kind, name, rest = key.split("/", 2)
        found[kind].setdefault(name, {})[rest] = array
    return Weights(
        tuned=found["tuned"],
        grams={
            name: Grams(
                chinese=bool(one["chinese"]),
                rarity=one["rarity"],
                weights=one["weights"],
                scale=one["scale"],
                bias=one["bias"],
            )
            for name, one in found["grams"].items()
        },
        blends={name: _blend(one) for name, one in found["blend"].items()},
        first={name: _blend(one) for name, one in found["first"].items()},
    )


def _blend(one: Arrays) -> Blend:
    return Blend(tuple(map(str, one["parts"])), one["weights"], one["bias"])
