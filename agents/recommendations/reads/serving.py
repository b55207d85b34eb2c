"""The recommender that is live, loaded once in a process; without one, what is popular."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings

from agents.recommendations.models import Item, ServedModel
from agents.recommendations.reads.events import popular
from bots.recommendation.model import NoModel, Recommended, Recommender, load

logger = logging.getLogger(__name__)
CANDIDATES = 30


def folder_of(key: UUID) -> Path:
    return Path(settings.MODELS_DIR) / "recommenders" / str(key)


def live() -> ServedModel | None:
    return ServedModel.objects.filter(state=ServedModel.State.LIVE).first()


@lru_cache(maxsize=2)
def _loaded(folder: Path) -> Recommender:
    return load(folder)


def recommended(
    history: Sequence[tuple[str, float]], *, only: frozenset[str], at: datetime
) -> tuple[ServedModel | None, list[Recommended]]:
    """The best of the eligible items (keys), with who says so. None: what is popular, or what there is."""
    row = live()
    if row is not None:
        try:
            found = _loaded(folder_of(row.uuid)).recommended(history, many=CANDIDATES, only=only)
        except NoModel:
            logger.warning(
                "The live recommender cannot be read", extra={"recommender": str(row.uuid)}
            )
        else:
            return row, _filled(found, only, at=at)
    return None, _filled([], only, at=at)


def _filled(found: list[Recommended], only: frozenset[str], *, at: datetime) -> list[Recommended]:
    """Behind what the model knows stands what is wanted lately, then what is new."""
    named = {one.item for one in found}
    for key, many in popular(at=at, many=CANDIDATES + len(named)):
        if key in only and key not in named:
            found.append(Recommended(key, 0.0, f"wanted {many} time{'s' * (many > 1)} in 90 days"))
            named.add(key)
    if len(found) < CANDIDATES:
        rest = Item.objects.filter(key__in=only - named).order_by("-updated_at", "key")
        why = "in the catalogue; nobody has wanted it lately"
        keys = rest.values_list("key", flat=True)[: CANDIDATES - len(found)]
        found.extend(Recommended(key, 0.0, why) for key in keys)
    return found[:CANDIDATES]
