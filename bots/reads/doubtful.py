"""Messages whose reading is in doubt: what a person says of these teaches most."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest

from bots.models import MessageFeeling
from bots.sentiment.tables import LABELS
from conversations.models import Message

SINCE = timedelta(days=30)
MOST = 20
LOOKED_AT = 200  # rows of each kind: many say the same
TORN = 0.5  # less likely than not, whichever it is
BAD, GOOD = 2, 4  # of five


@dataclass(frozen=True, slots=True)
class Doubt:
    """`score`: what the customer said of the conversation, where that is the reason; None: the estimate itself
    can't tell."""

    feeling: MessageFeeling
    score: int | None

    @property
    def percents(self) -> list[tuple[str, int]]:
        """Each label with its chance, the likeliest first: for people."""
        one = self.feeling
        chances = ((label, round(100 * getattr(one, label))) for label in LABELS)
        return sorted(chances, key=lambda pair: -pair[1])


def doubtful(*, at: datetime, most: int = MOST) -> list[Doubt]:
    """First where the last words and the customer's own rating say the opposite of one another, then what the estimate
    is torn about; newest first, the same words once, and nothing that a person has spoken about."""
    rows = MessageFeeling.objects.filter(at__gte=at - SINCE, appeal__isnull=True)
    torn = (
        rows.annotate(chance_of_it=Greatest("negative", "neutral", "positive"))
        .filter(chance_of_it__lt=TORN)
        .select_related("message", "conversation")
        .order_by("-at", "-pk")
    )
    found: dict[str, Doubt] = {}
    for one in _against_the_rating(rows)[:LOOKED_AT]:
        found.setdefault(_words(one), Doubt(one, one.conversation.rating.score))
    for one in torn[:LOOKED_AT]:
        found.setdefault(_words(one), Doubt(one, None))
    return list(found.values())[:most]


def _words(one: MessageFeeling) -> str:
    return " ".join(one.message.text.casefold().split())


def _against_the_rating(rows: QuerySet[MessageFeeling]) -> QuerySet[MessageFeeling]:
    """Only the last words: who complains at first may well be content in the end."""
    last = (
        Message.objects.filter(
            conversation=OuterRef("conversation"),
            author_kind=Message.Author.CUSTOMER,
            note=False,
        )
        .order_by("-pk")
        .values("pk")[:1]
    )
    return (
        rows.filter(
            Q(conversation__rating__score__lte=BAD, label="positive")
            | Q(conversation__rating__score__gte=GOOD, label="negative")
        )
        .annotate(last=Subquery(last))
        .filter(message_id=F("last"))
        .select_related("message", "conversation__rating")
        .order_by("-at", "-pk")
    )
