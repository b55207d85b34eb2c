"""What became of the bot's own turns: what weights are fitted to, and held against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from bots.knowledge.calibration import SIGNALS, calibration
from bots.knowledge.text import same_language
from bots.learning.refit import Ordered, Resolved

MOST = 20_000  # newest turns

# A turn's trace and the line of the log that says its decision are written in one transaction.
_TURNS = """
    SELECT a.conversation_id, a.asked_at, a.decision, a.outcome, t.data->'features', t.data->'candidates',
        t.data->>'language', t.data->'passages'->0->>'article', a.articles->>0, x.uuid::text, l.id IS NOT NULL
    FROM bots_asked a
    JOIN conversations_event e ON e.conversation_id = a.conversation_id AND e."offset" = a."offset"
    JOIN bots_bottrace t ON t.conversation_id = a.conversation_id AND t.at = e.created_at
    LEFT JOIN bots_learnedpair l ON l.asked_id = a.id AND l.state <> 'rejected'
    LEFT JOIN bots_article x ON x.id = l.article_id
    WHERE a.asked_at > %(since)s AND a.asked_at <= %(until)s AND a.outcome <> '' AND t.outcome <> 'lost'
        AND jsonb_array_length(coalesce(t.data->'requests', '[]')) <= 1
    ORDER BY a.asked_at DESC, a.id DESC LIMIT %(most)s
"""


def resolved(*, since: datetime, until: datetime) -> list[Resolved]:
    """Requests of which something is known. Answered: it helped, or a person was wanted then, or it was rated
    badly. Handed over: what a person answered stands in the first article, or it does not."""
    found = []
    for row in _turns(since, until):
        talk, at, decision, outcome, features, _candidates, _language, first, _cited, taught, is_taught = row  # fmt: skip
        if not _is_whole(features):
            continue
        if decision == "answer":
            is_right = outcome == "confirmed"
        elif decision == "handoff" and is_taught:
            is_right = taught is not None and taught == first
        else:
            continue  # nobody knows
        found.append(Resolved(talk, at, features, is_right))
    return found


def ordered(*, since: datetime, until: datetime) -> list[Ordered]:
    """Requests of which it is known which of the nearest articles was right: the one whose answer helped, or
    the one that says what a person answered."""
    found = []
    for row in _turns(since, until):
        talk, at, decision, outcome, _features, candidates, language, _first, cited, taught, _is_taught = row  # fmt: skip
        right = cited if decision == "answer" and outcome == "confirmed" else taught
        names = [one.get("article") for one in candidates or ()]
        if right is None or right not in names or len(names) < 2:
            continue
        found.append(
            Ordered(
                conversation=talk,
                at=at,
                signals=[_signals(one["parts"]) for one in candidates],
                added=[_added(one["language"], language or "en") for one in candidates],
                judges=[
                    "bilingual" if "english" in one["parts"] else "alone" for one in candidates
                ],
                right=names.index(right),
            )
        )
    return found


def _turns(since: datetime, until: datetime) -> Iterator[tuple[Any, ...]]:
    from json import loads

    with connection.cursor() as cursor:
        cursor.execute(_TURNS, {"since": since, "until": until, "most": MOST})
        rows = cursor.fetchall()
    for row in rows:
        features, candidates = (loads(one) if isinstance(one, str) else one for one in row[4:6])
        yield (*row[:4], features, candidates, *row[6:])


def _is_whole(features: Any) -> bool:
    """Whether the chance was weighed at all: not for a greeting, a fixed answer or a procedure."""
    return isinstance(features, dict) and "bilingual" in features


def _signals(parts: Mapping[str, float]) -> dict[str, float]:
    """As `bots.knowledge.search` adds them up: what one part can't say, another is taken to say too."""
    asked = float(parts.get("asked", -1.0))
    instead = {"english": asked, "said": asked, "words": 0.0, "covered": 0.0, "named": 0.0}
    return {"asked": asked} | {
        name: float(parts.get(name, instead[name])) for name in SIGNALS if name != "asked"
    }


def _added(language: str, asked_in: str) -> float:
    return calibration().same_language if same_language(language, asked_in) else 0.0
