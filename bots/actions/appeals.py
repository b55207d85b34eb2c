"""Somebody reads a message otherwise: kept, looked through by a person, and learnt from."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import transaction

from bots.actions.feelings import settle
from bots.models import FeelingAppeal, MessageFeeling
from bots.privacy.vault import Vault
from bots.sentiment.tables import LABELS, Row
from conversations.errors import CannotMove, NotFound, WrongFields


@transaction.atomic
def appeal(
    *, conversation: UUID, offset: int, says: str, by_id: int, at: datetime
) -> FeelingAppeal:
    """An agent says how a message reads; until it is decided on, the last word counts.

    Raises WrongFields, NotFound (no such message, or not read yet), CannotMove (decided already).
    """
    if says not in LABELS:
        raise WrongFields(f"says: one of {', '.join(LABELS)}.")
    feeling = (
        MessageFeeling.objects.select_for_update(of=("self",))
        .filter(conversation__uuid=conversation, message__offset=offset)
        .first()
    )
    if feeling is None:
        raise NotFound("This message has not been read yet.")
    known = FeelingAppeal.objects.filter(feeling=feeling).first()
    if known is None:
        return FeelingAppeal.objects.create(feeling=feeling, says=says, by_id=by_id, at=at)
    if known.state != FeelingAppeal.State.OPEN:
        raise CannotMove("Somebody has decided on this message already.")
    known.says, known.by_id, known.at = says, by_id, at
    known.save(update_fields=["says", "by", "at"])
    return known


@transaction.atomic
def decide(*, appeal: UUID, accepted: bool, by_id: int, at: datetime) -> FeelingAppeal:
    """A person's last word; what is accepted changes the mood at once. Raises NotFound, CannotMove."""
    found = (
        FeelingAppeal.objects.select_for_update(of=("self",))
        .select_related("feeling")
        .filter(uuid=appeal)
        .first()
    )
    if found is None:
        raise NotFound("There is no such appeal.")
    if found.state != FeelingAppeal.State.OPEN:
        raise CannotMove("It is decided already.")
    states = FeelingAppeal.State
    found.state = states.ACCEPTED if accepted else states.REFUSED
    found.decided_by_id, found.decided_at = by_id, at
    found.save(update_fields=["state", "decided_by", "decided_at"])
    if accepted:
        settle(found.feeling.conversation_id, at=at)
    return found


@transaction.atomic
def label(*, message: int, says: str, by_id: int, at: datetime) -> FeelingAppeal:
    """Whoever decides on appeals says by themselves how a message reads, whether the estimate says so, too, or not: it
    stands above the estimate and is learnt from. Raises WrongFields, NotFound, CannotMove (somebody has spoken)."""
    if says not in LABELS:
        raise WrongFields(f"says: one of {', '.join(LABELS)}.")
    rows = MessageFeeling.objects.select_for_update(of=("self",))
    feeling = rows.filter(message=message).first()
    if feeling is None:
        raise NotFound("This message has not been read yet.")
    if FeelingAppeal.objects.filter(feeling=feeling).exists():
        raise CannotMove("Somebody has spoken about this message already.")
    made = FeelingAppeal.objects.create(
        feeling=feeling,
        says=says,
        state=FeelingAppeal.State.ACCEPTED,
        by_id=by_id,
        at=at,
        decided_by_id=by_id,
        decided_at=at,
    )
    settle(feeling.conversation_id, at=at)
    return made


def learnt_from_people() -> Iterator[Row]:
    """Messages that people have labelled, without personal data, for the next training."""
    rows = FeelingAppeal.objects.filter(state=FeelingAppeal.State.ACCEPTED).order_by("pk")
    for one in rows.select_related("feeling__message"):
        text = Vault().redacted(one.feeling.message.text)
        yield Row(text, LABELS.index(one.says), one.feeling.language, "appeals")
