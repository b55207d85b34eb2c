"""The moment in which something is recommended, or is not: decided once for a conversation and a place, and logged."""

from __future__ import annotations

import random
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from agents.recommendations.models import CustomerEvent, Item, OfferRules, Showing, Shown
from agents.recommendations.reads.eligible import eligible
from agents.recommendations.reads.events import events_of, history_of
from agents.recommendations.reads.segments import segments_of
from agents.recommendations.reads.serving import recommended
from agents.recommendations.reads.standing import rules_for, standing_of, words_of
from agents.recommendations.rules.brakes import Standing, silence
from agents.recommendations.rules.chances import placed
from agents.recommendations.rules.talked_about import named_in
from bots.recommendation.model import Recommended
from conversations.errors import NotFound
from conversations.models import Conversation

_chance = random.SystemRandom()
# A brake is looked at again whenever somebody asks; what was shown stays while nobody is cross.
BRAKES = (Showing.Silent.MOOD, Showing.Silent.COMPLAINT)


def offer(
    conversation: Conversation, *, place: str, at: datetime, chance: random.Random = _chance
) -> Showing:
    """What is recommended here. Asked again it is the same, until a brake comes on; and what a brake (but for
    the drawn control) held back may come when it is off. Raises NotFound where nothing is to be shown by rule.
    """
    rules = rules_for(conversation.inbox_id)
    if not getattr(rules, place):
        raise NotFound("Nothing is recommended here.")
    known = _of(conversation, place)
    standing = standing_of(conversation, rules=rules, in_widget=place == "widget", at=at)
    why = silence(standing)
    if known is not None and (known.settled_at or known.silent == "" == _brake(why)):
        return known
    if known is not None and known.items.exists():
        return known if not _brake(why) else _hushed(known, why)
    items = {} if why else {one.key: one for one in eligible(conversation, at=at)}
    if not why and not items:
        why = Showing.Silent.NOTHING
    try:
        with transaction.atomic():
            Showing.objects.filter(conversation=conversation, place=place, items=None).delete()
            return _shown(conversation, place, items, why, standing, rules, at=at, chance=chance)
    except IntegrityError:  # somebody else asked at the same moment
        again = _of(conversation, place)
        if again is None:
            raise
        return again


def _of(conversation: Conversation, place: str) -> Showing | None:
    return Showing.objects.filter(conversation=conversation, place=place).first()


def _brake(why: str) -> str:
    """What was shown goes for a mood or a complaint; not since it was shown, or since others wait."""
    return why if why in BRAKES else ""


def _hushed(row: Showing, why: str) -> Showing:
    """It was shown, so that it still counts; from now on it is not."""
    row.silent = why  # of the answer only: the row says what happened
    return row


def _shown(
    conversation: Conversation,
    place: str,
    items: dict[str, Item],
    why: str,
    standing: Standing,
    rules: OfferRules,
    *,
    at: datetime,
    chance: random.Random,
) -> Showing:
    model, found = None, list[Recommended]()
    if not why:
        model, found = recommended(history_of(conversation.customer), only=frozenset(items), at=at)
        found = _talked_about(found, items, conversation, at=at)
    control = not why and _is_control(conversation, place, rules, chance)
    row = Showing.objects.create(
        conversation=conversation,
        customer=conversation.customer,
        place=place,
        silent=why,
        control=control,
        control_percent=rules.control_percent,
        candidates=[{"item": one.item, "score": one.score} for one in found],
        before=_before(conversation, standing, at=at),
        model=model,
        at=at,
    )
    if why or control:
        return row
    draws = placed(len(found), many=rules.many, explore=rules.explore_percent / 100, chance=chance)
    Shown.objects.bulk_create(
        Shown(
            showing=row,
            item=items[found[one.candidate].item],
            position=position,
            propensity=one.propensity,
            score=found[one.candidate].score,
            because=_said(found[one.candidate].because, items)[:300],
        )
        for position, one in enumerate(draws, 1)
    )
    return row


def _is_control(
    conversation: Conversation, place: str, rules: OfferRules, chance: random.Random
) -> bool:
    """Drawn once for a conversation: in both places it is with or without."""
    other = (
        Showing.objects.filter(conversation=conversation, silent="").exclude(place=place).first()
    )
    if other is not None:
        return other.control
    return chance.random() * 100 < rules.control_percent


def _talked_about(
    found: list[Recommended], items: dict[str, Item], conversation: Conversation, *, at: datetime
) -> list[Recommended]:
    """What the customer speaks of comes first: it is what they came for. That they asked is an event of theirs."""
    told = {key: f"{item.name} {item.category}" for key, item in items.items()}
    named = named_in(words_of(conversation), told)
    if conversation.customer.remembers:
        CustomerEvent.objects.bulk_create(
            [
                CustomerEvent(
                    customer=conversation.customer,
                    item=items[key],
                    kind=CustomerEvent.Kind.ASKED,
                    at=at,
                    source=f"asked:{conversation.uuid}:{items[key].uuid}",
                )
                for key, _ in named
            ],
            ignore_conflicts=True,
        )
    first = [Recommended(key, share, "the customer speaks of it") for key, share in named]
    return [*first, *(one for one in found if one.item not in dict(named))]


def _said(because: str, items: dict[str, Item]) -> str:
    """With the item's name instead of the business's number."""
    for lead in ("often comes next after ", "often goes with "):
        if because.startswith(lead):
            key = because.removeprefix(lead)
            known = items.get(key) or Item.objects.filter(key=key).first()
            return (
                f"{lead}{known.name}" if known else lead.split(" with")[0] + " with what they had"
            )
    return because


def _before(conversation: Conversation, standing: Standing, *, at: datetime) -> dict[str, Any]:
    """Known before anything was shown: evens out chance differences between those with and without. Segments
    as they were then: what is bought afterwards may change who belongs to one."""
    mine = events_of(conversation.customer)
    return {
        "bought": float(mine.filter(kind="bought").count()),
        "events": float(mine.count()),
        "crossness": standing.crossness,
        "conversations": float(conversation.customer.conversations.count()),
        "segments": [str(one.uuid) for one in segments_of(conversation.customer, at=at)],
    }
