"""The life of an adapter: trained, tried beside the live one, live, retired; and one step back."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from bots.language.model import ModelUnavailable
from bots.language.tuning import CONFIG, WEIGHTS
from bots.language.weights import adapter_digest
from bots.models import Adapter
from bots.models.adapter import LARGEST
from bots.reads.adapters import compared
from conversations.errors import CannotMove, NotFound, Taken, TooLong

_FIGURES = ("bleu", "rouge_l", "support", "supported", "released")


def add(*, folder: Path, at: datetime) -> Adapter:
    """What `train_bot` made, as a row; the same files again are the same row. Raises Refused with a
    sentence when the folder is not whole."""
    try:
        digest = adapter_digest(folder)
        if (folder / WEIGHTS).stat().st_size > LARGEST:
            raise TooLong(f"An adapter may have {LARGEST // 1_000_000} MB.")
        config = (folder / CONFIG).read_text(encoding="utf-8")
        card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
        _check(card, digest)
        weights = (folder / WEIGHTS).read_bytes()
    except (OSError, ValueError, ModelUnavailable) as problem:
        raise CannotMove(f"{folder.name} is no adapter with a card.") from problem
    row, _ = Adapter.objects.get_or_create(
        digest=digest,
        defaults={
            "name": str(card["name"])[:100],
            "base_digest": card["base"]["digest"],
            "weights": weights,
            "config": config,
            "card": card,
            "created_at": at,
            "since": at,
        },
    )
    return row


def _check(card: Any, digest: str) -> None:
    try:
        of_these = card["adapter"]["digest"] == digest
        figures = [card[side][name] for side in ("before", "after") for name in _FIGURES]
        whole = isinstance(card["objections"], list) and isinstance(card["base"]["digest"], str)
    except (KeyError, TypeError) as problem:
        raise CannotMove("The adapter's card is not whole.") from problem
    if not of_these or not whole or not all(isinstance(one, int | float) for one in figures):
        raise CannotMove("The card is not of these files.")


def materialised(digest: str, below: Path) -> Path:
    """The files of an adapter in a folder of this machine, written once, whole or not at all.

    Raises NotFound when there is no such row."""
    folder = below / f"adapter-{digest}"
    if folder.is_dir():
        return folder
    row = Adapter.objects.filter(digest=digest).first()
    if row is None:
        raise NotFound("There is no such adapter.")
    from shutil import rmtree
    from tempfile import mkdtemp

    below.mkdir(parents=True, exist_ok=True)
    fresh = Path(mkdtemp(prefix=".adapter-", dir=below))
    try:
        (fresh / CONFIG).write_text(row.config, encoding="utf-8")
        (fresh / WEIGHTS).write_bytes(bytes(row.weights))
        if not folder.is_dir():
            fresh.rename(folder)
    except OSError:
        if not folder.is_dir():  # somebody else was quicker
            raise
    finally:
        rmtree(fresh, ignore_errors=True)
    return folder


@transaction.atomic
def try_beside(*, adapter: UUID, share: float, by_id: int | None, at: datetime) -> Adapter:
    """From now on it writes beside the live one, in a share of the turns, and nobody hears it. Raises
    CannotMove when its card does not win, Taken while another one is being tried."""
    row = _held(adapter, Adapter.State.TRAINED, Adapter.State.RETIRED)
    if row.card["objections"]:
        raise CannotMove("It did not win: " + " ".join(row.card["objections"]))
    if Adapter.objects.filter(state=Adapter.State.SHADOW).exists():
        raise Taken("Another adapter is being tried; stop that first.")
    row.shadows.all().delete()
    row.share = share
    return _moved(row, Adapter.State.SHADOW, by_id, at)


@transaction.atomic
def stop_trying(*, adapter: UUID, by_id: int | None, at: datetime) -> Adapter:
    return _moved(_held(adapter, Adapter.State.SHADOW), Adapter.State.TRAINED, by_id, at)


@transaction.atomic
def adopt(*, adapter: UUID, by_id: int | None, at: datetime) -> Adapter:
    """Makes it live. Raises CannotMove when its card or what was seen beside the live one speaks
    against it."""
    row = _held(adapter, Adapter.State.SHADOW)
    against = [*row.card["objections"], *compared(row).objections()]
    if against:
        raise CannotMove(" ".join(against))
    live = _live()
    if live is not None:
        _moved(live, Adapter.State.RETIRED, by_id, at)
    row.before = live
    return _moved(row, Adapter.State.LIVE, by_id, at)


@transaction.atomic
def roll_back(*, by_id: int | None, at: datetime) -> Adapter | None:
    """What was live before the live one is live again; None: the model without an adapter. Raises
    CannotMove when none is live."""
    live = _live()
    if live is None:
        raise CannotMove("No adapter is live.")
    before = live.before
    _moved(live, Adapter.State.RETIRED, by_id, at)
    if before is None or before.state != Adapter.State.RETIRED:
        return None
    return _moved(before, Adapter.State.LIVE, by_id, at)


def _live() -> Adapter | None:
    rows = Adapter.objects.defer("weights").select_for_update()
    return rows.filter(state=Adapter.State.LIVE).first()


def _held(adapter: UUID, *states: Adapter.State) -> Adapter:
    row = Adapter.objects.defer("weights").select_for_update().filter(uuid=adapter).first()
    if row is None:
        raise NotFound("There is no such adapter.")
    if row.state not in states:
        raise CannotMove(f"It is {row.get_state_display().lower()}.")
    return row


def _moved(row: Adapter, state: Adapter.State, by_id: int | None, at: datetime) -> Adapter:
    row.state, row.since, row.decided_by_id, row.trouble = state, at, by_id, ""
    row.save(update_fields=["state", "since", "decided_by", "trouble", "share", "before"])
    return row
