"""A model's folder: `model.json` and `trees.npz`, written beside and swapped, read without running anything.

Both are only data: JSON, and arrays of numbers (`allow_pickle` off). A check sum binds the one to the other.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.prediction.blends import Blend
from agents.prediction.calibration import Calibration
from agents.prediction.columns import column_from
from agents.prediction.drift import seen_from
from agents.prediction.learning import Model
from agents.prediction.linear import linear_from
from agents.prediction.members import Member, Recipe, Setting
from agents.prediction.moments import Parts, moments_from
from agents.prediction.problems import BadModel
from agents.prediction.trees import Trees, trees_from

FORMAT = 1
SHEET, ARRAYS = "model.json", "trees.npz"
Arrays = dict[str, NDArray[Any]]


def packed(model: Model) -> tuple[dict[str, Any], bytes]:
    """The model as JSON and as one file of arrays; `unpacked` is the way back."""
    arrays: Arrays = {}
    sheet = {
        "format": FORMAT,
        "target": model.target,
        "columns": [column.stored() for column in model.columns],
        "seen": [one.stored() for one in model.seen],
        "expected_new": model.expected_new,
        "now": _blend(model.now, "now", arrays),
        "later": _blend(model.later, "later", arrays) if model.later is not None else None,
        "card": model.card,
    }
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    raw = file.getvalue()
    return sheet | {"sha256": hashlib.sha256(raw).hexdigest()}, raw


def unpacked(sheet: Mapping[str, Any], raw: bytes) -> Model:
    """Raises BadModel when it isn't one of ours, or not whole."""
    if sheet.get("format") != FORMAT:
        raise BadModel("It was made by another version.")
    if hashlib.sha256(raw).hexdigest() != sheet.get("sha256"):
        raise BadModel(f"{ARRAYS} is not the one that belongs to {SHEET}.")
    try:
        with np.load(io.BytesIO(raw), allow_pickle=False) as arrays:
            columns = tuple(column_from(one) for one in sheet["columns"])
            by_name = {column.name: column for column in columns}
            later = sheet["later"]
            return Model(
                sheet["target"],
                columns,
                _blend_from(sheet["now"], "now", arrays, by_name),
                _blend_from(later, "later", arrays, by_name) if later else None,
                tuple(seen_from(one) for one in sheet["seen"]),
                sheet["expected_new"],
                sheet["card"],
            )
    except (KeyError, TypeError, ValueError, IndexError, zipfile.BadZipFile) as error:
        raise BadModel(f"It is damaged ({type(error).__name__}).") from None


def save(model: Model, folder: Path) -> None:
    """The folder holds the whole model, or what it held before."""
    sheet, raw = packed(model)
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = folder.with_name(f".{folder.name}.{os.getpid()}")
    before = folder.with_name(f".{folder.name}.{os.getpid()}.before")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir()
    try:
        (beside / ARRAYS).write_bytes(raw)
        (beside / SHEET).write_text(json.dumps(sheet, ensure_ascii=False), encoding="utf-8")
        if folder.exists():
            folder.rename(before)
        beside.rename(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
        if before.exists() and not folder.exists():
            before.rename(folder)
        shutil.rmtree(before, ignore_errors=True)


def load(folder: Path) -> Model:
    """Raises BadModel."""
    try:
        sheet = json.loads((folder / SHEET).read_text(encoding="utf-8"))
        raw = (folder / ARRAYS).read_bytes()
    except OSError as error:
        raise BadModel(f"{error.strerror}.") from None
    except ValueError:
        raise BadModel(f"{SHEET} is damaged.") from None
    if not isinstance(sheet, dict):
        raise BadModel(f"{SHEET} is no model.")
    return unpacked(sheet, raw)


def is_ours(folder: Path) -> bool:
    """A folder that `save` may replace: there is none, it is empty, or it holds a model."""
    return not folder.exists() or (
        folder.is_dir() and (not any(folder.iterdir()) or (folder / SHEET).is_file())
    )


def _blend(blend: Blend, name: str, arrays: Arrays) -> dict[str, Any]:
    members = []
    for place, member in enumerate(blend.members):
        recipe = member.recipe
        kept: dict[str, Any] = {
            "recipe": [
                recipe.kind,
                recipe.scope,
                recipe.moment,
                recipe.recency,
                recipe.strength,
                recipe.seed,
            ],
            "columns": list(member.columns),
            "features": list(member.features),
            "orders": {n: list(order.items()) for n, order in member.orders.items()},
        }
        if isinstance(member.model, Trees):
            own = member.model.arrays()
            arrays.update({f"{name}-{place}-{field}": array for field, array in own.items()})
        else:
            kept["linear"] = member.model.stored()
        members.append(kept)
    setting = blend.setting
    return {
        "scope": [column.name for column in setting.columns],
        "slow": list(setting.slow),
        "parts": [[part.name, part.is_words, list(part.edges)] for part in setting.parts],
        "moments": blend.moments.stored() if blend.moments is not None else None,
        "members": members,
        "weights": list(blend.weights),
        "calibration": [
            blend.calibration.slope,
            blend.calibration.shift,
            blend.calibration.low,
            blend.calibration.high,
        ],
        "usual": blend.usual,
    }


def _blend_from(
    kept: Mapping[str, Any], name: str, arrays: Mapping[str, Any], by_name: Mapping[str, Any]
) -> Blend:
    setting = Setting(
        tuple(by_name[one] for one in kept["scope"]),
        tuple(kept["slow"]),
        tuple(Parts(n, words, tuple(edges)) for n, words, edges in kept["parts"]),
    )
    members = []
    for place, one in enumerate(kept["members"]):
        mark = f"{name}-{place}-"
        model = (
            linear_from(one["linear"])
            if "linear" in one
            else trees_from(
                {key.removeprefix(mark): arrays[key] for key in arrays if key.startswith(mark)}
            )
        )
        orders = {n: {float(k): v for k, v in order} for n, order in one["orders"].items()}
        members.append(
            Member(
                Recipe(*one["recipe"]), tuple(one["columns"]), tuple(one["features"]), orders, model
            )
        )
    moments = moments_from(kept["moments"]) if kept["moments"] is not None else None
    calibration = Calibration(*kept["calibration"])
    return Blend(
        setting, moments, tuple(members), tuple(kept["weights"]), calibration, kept["usual"]
    )
