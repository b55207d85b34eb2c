"""The logs of conversations, read for learning: many at once, and one again as it was said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F

from bots.learning.anonymous import Anonymous
from bots.learning.turns import LogLine
from conversations.models import Conversation, Event, Identity


@dataclass(frozen=True, slots=True)
class Log:
    """One conversation: its lines word for word, and whose it is."""

    conversation_id: int
    inbox_id: int
    language: str
    names: tuple[str, ...]
    lines: Sequence[LogLine]

    def anonymous(self) -> list[LogLine]:
        """The same lines without personal data."""
        teller = Anonymous(self.names)
        told = []
        for line in self.lines:
            text = teller.told(line.text) if line.author in {"customer", "agent"} else line.text
            told.append(LogLine(line.offset, line.kind, line.at, line.data, line.author, text))
        return told


def logs(conversation_ids: Iterable[int]) -> list[Log]:
    """Of these conversations, in the order of their ids; what was copied in from another is left out."""
    ids = sorted(set(conversation_ids))
    lines: dict[int, list[LogLine]] = defaultdict(list)
    names: dict[int, set[str]] = defaultdict(set)
    rows = (
        Event.objects.filter(conversation_id__in=ids)
        .exclude(kind="copied")
        .order_by("conversation_id", "offset")
        .values_list(
            "conversation_id",
            "offset",
            "kind",
            "created_at",
            "data",
            "message__author_kind",
            "message__text",
            "message__note",
            "message__author_name",
        )
    )
    for key, offset, kind, at, data, author, text, note, who in rows.iterator(chunk_size=2000):
        said = (author, text) if author and not note else ("", "")
        lines[key].append(LogLine(offset, kind, at, data, *said))
        if author in {"customer", "agent"} and who:
            names[key].add(who)
    people = Conversation.objects.filter(pk__in=ids).values_list(
        "pk", "inbox_id", "language", "customer__name"
    )
    return [
        Log(
            key,
            inbox,
            language,
            tuple(sorted(names[key] | ({name} if name else set()))),
            lines[key],
        )
        for key, inbox, language, name in people.order_by("pk")
    ]


def vouched_for(conversation_ids: Iterable[int]) -> set[int]:
    """Those whose customer the company's site has vouched for, and who may read what is for customers."""
    known = Identity.objects.filter(
        customer__conversations__in=set(conversation_ids),
        inbox=F("customer__conversations__inbox"),
    )
    return set(known.values_list("customer__conversations", flat=True))
