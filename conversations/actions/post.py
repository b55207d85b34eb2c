"""The one write path: some messages of some conversations, stored by one statement.

It locks the conversations in id order, numbers what is new, stores messages and their log lines,
and moves each conversation's projection along. A unique constraint on (conversation, client id)
makes a repeated draft harmless: it is answered with what was stored the first time.
"""

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db import IntegrityError, connection, transaction

from conversations import events, live, outgoing
from conversations.drafts import Draft, Refusal, Stored
from conversations.frames import message_pushes
from conversations.models import Conversation
from conversations.prepared import numbers, prepared, texts
from conversations.words import preview_of

BOT_OWES_WITHIN = timedelta(seconds=10)
BOT_HAS_AT_MOST = timedelta(seconds=26)
"""Since the customer began to wait, whatever they write meanwhile; then a person is asked."""
_TRIES = 5

_STATEMENT = """
WITH draft AS (
    SELECT * FROM unnest(
        %(conversation)s::bigint[], %(client)s::uuid[], %(kind)s::text[], %(name)s::text[],
        %(agent)s::bigint[], %(note)s::boolean[], %(text)s::text[], %(attachments)s::jsonb[],
        %(citations)s::jsonb[], %(suggestions)s::jsonb[], %(reply_to)s::int[], %(run)s::int[],
        %(supervising)s::boolean[], %(whispered_to)s::bigint[], %(preview)s::text[],
        %(trace)s::text[], %(at)s::timestamptz[]
    ) WITH ORDINALITY AS d(
        conversation_id, client_id, kind, name, agent_id, note, text, attachments, citations,
        suggestions, reply_to, run, supervising, whispered_to, preview, trace, at,
        place
    )
), held AS MATERIALIZED (
    SELECT id, uuid, seq, "offset", state, assignee_id, queue_id, bot_run
    FROM conversations_conversation
    WHERE id = ANY(%(conversation)s::bigint[])
    ORDER BY id
    FOR NO KEY UPDATE
), judged AS MATERIALIZED (
    SELECT d.*, h.uuid, h.seq, h."offset", h.state, h.assignee_id, h.queue_id,
        k.id AS known_id, k.seq AS known_seq, k."offset" AS known_offset, k.created_at AS known_at,
        CASE
            WHEN k.id IS NOT NULL THEN 'known'
            WHEN h.id IS NULL THEN 'absent'
            WHEN d.kind = 'customer' AND h.state IN ('resolved', 'abandoned', 'wrap_up')
                THEN 'resolved'
            WHEN d.kind = 'customer' AND h.state IN ('snoozed', 'on_hold') THEN 'asleep'
            WHEN d.kind = 'agent' AND NOT d.note AND NOT d.supervising
                AND h.assignee_id IS DISTINCT FROM d.agent_id THEN 'not_yours'
            WHEN d.kind = 'agent' AND NOT d.note
                AND h.state IN ('resolved', 'abandoned', 'wrap_up') THEN 'resolved'
            WHEN d.kind = 'bot' AND (h.state <> 'bot' OR h.bot_run IS DISTINCT FROM d.run)
                THEN 'not_your_turn'
            ELSE 'fresh'
        END AS verdict
    FROM draft d
    LEFT JOIN held h ON h.id = d.conversation_id
    LEFT JOIN conversations_message k
        ON k.conversation_id = d.conversation_id AND k.client_id = d.client_id
), fresh AS MATERIALIZED (
    SELECT *,
        seq + count(*) FILTER (WHERE NOT note) OVER sofar AS new_seq,
        "offset" + count(*) OVER sofar AS new_offset,
        max(place) FILTER (WHERE kind IN ('bot', 'agent') AND NOT note)
            OVER (PARTITION BY conversation_id) AS answered_place
    FROM judged WHERE verdict = 'fresh'
    WINDOW sofar AS (PARTITION BY conversation_id ORDER BY place)
), latest AS (
    SELECT conversation_id,
        max(new_seq) AS seq, max(new_offset) AS "offset", max(at) AS at,
        min(at) FILTER (
            WHERE kind = 'customer' AND place > coalesce(answered_place, 0)
        ) AS unanswered_at,
        min(at) FILTER (WHERE kind = 'agent' AND NOT note) AS replied_at,
        bool_or(kind = 'customer') AS asked,
        bool_or(answered_place IS NOT NULL) AS answered,
        -- What somebody said tells a list more than what everybody who waits was told.
        (array_agg(preview ORDER BY place DESC)
            FILTER (WHERE NOT note AND kind <> 'system'))[1] AS preview,
        (array_agg(kind ORDER BY place DESC)
            FILTER (WHERE NOT note AND kind <> 'system'))[1] AS preview_kind
    FROM fresh GROUP BY conversation_id
), moved AS (
    UPDATE conversations_conversation c SET
        seq = l.seq,
        "offset" = l."offset",
        last_message_at = greatest(c.last_message_at, l.at),
        preview = coalesce(l.preview, c.preview),
        preview_kind = coalesce(l.preview_kind, c.preview_kind),
        waiting_since = CASE
            WHEN l.answered THEN l.unanswered_at
            ELSE coalesce(c.waiting_since, l.unanswered_at) END,
        due_at = CASE
            WHEN c.state NOT IN ('bot', 'assigned') THEN c.due_at
            WHEN l.unanswered_at IS NULL AND l.answered
                THEN l.at + make_interval(secs => c.idle_seconds)
            WHEN l.unanswered_at IS NULL THEN c.due_at
            WHEN c.state = 'bot' THEN least(
                l.at + make_interval(secs => %(bot_owes)s),
                CASE WHEN l.answered THEN l.unanswered_at
                    ELSE coalesce(c.waiting_since, l.unanswered_at) END
                + make_interval(secs => %(bot_most)s))
            -- A customer who asks again does not give the agent more time.
            WHEN l.answered OR c.waiting_since IS NULL
                THEN l.unanswered_at + make_interval(secs => c.answer_seconds)
            ELSE c.due_at END,
        bot_attempts = CASE WHEN l.asked THEN 0 ELSE c.bot_attempts END,
        -- A person has answered: what was promised is kept, or was late and is no more.
        first_reply_at = coalesce(c.first_reply_at, l.replied_at),
        answer_from = CASE WHEN l.replied_at IS NULL THEN c.answer_from END,
        answer_by = CASE WHEN l.replied_at IS NULL THEN c.answer_by END,
        alert_at = CASE WHEN l.replied_at IS NULL THEN c.alert_at END
    FROM latest l WHERE c.id = l.conversation_id
), stored AS (
    INSERT INTO conversations_message (
        conversation_id, client_id, seq, "offset", author_kind, author_name, agent_id, note, text,
        attachments, citations, suggestions, reply_to, whispered_to_id, created_at
    )
    SELECT conversation_id, client_id, CASE WHEN note THEN NULL ELSE new_seq END, new_offset, kind,
        name, agent_id, note, text, attachments, citations, suggestions, reply_to, whispered_to, at
    FROM fresh ORDER BY place
    RETURNING id, conversation_id, client_id, seq, "offset", author_kind, agent_id, created_at
), logged AS (
    INSERT INTO conversations_event (
        conversation_id, "offset", kind, actor_kind, agent_id, message_id, data, trace, created_at
    )
    SELECT s.conversation_id, s."offset", 'message', s.author_kind, s.agent_id, s.id, '{}', f.trace,
        s.created_at
    FROM stored s JOIN fresh f ON f.conversation_id = s.conversation_id AND f.client_id = s.client_id
)
SELECT j.place, j.verdict, j.uuid, j.state, j.assignee_id, j.queue_id,
    coalesce(s.id, j.known_id), CASE WHEN j.verdict = 'known' THEN j.known_seq ELSE s.seq END,
    coalesce(s."offset", j.known_offset), coalesce(s.created_at, j.known_at)
FROM judged j
LEFT JOIN stored s ON s.conversation_id = j.conversation_id AND s.client_id = j.client_id
    AND j.verdict = 'fresh'
ORDER BY j.place
"""


def store(drafts: Sequence[Draft]) -> list[Stored | Refusal]:
    """Stores a batch and answers in its order; tells nobody. All or nothing on a failure.

    Inside a transaction it becomes part of it; outside it is one of its own.
    """
    looked = outgoing.look(drafts)
    free = [draft for place, draft in enumerate(drafts) if place not in looked.held_back]
    stored = _store(free) if free else []
    if looked.is_noted:
        outgoing.said(stored)
    rest = iter(stored)
    return [looked.held_back.get(place) or next(rest) for place in range(len(drafts))]


def _store(drafts: Sequence[Draft]) -> list[Stored | Refusal]:
    unique = {(d.conversation_id, d.client_id): d for d in reversed(drafts)}
    batch = list(reversed(unique.values()))
    for attempt in range(_TRIES):
        try:
            with transaction.atomic() if connection.in_atomic_block else nullcontext():
                rows = _execute(batch)
            break
        except IntegrityError:
            # Another process stored the same client id after our snapshot: now it is visible.
            if attempt == _TRIES - 1:
                raise
    else:  # pragma: no cover -- the loop either breaks or raises
        rows = []
    outcome = {
        (draft.conversation_id, draft.client_id): _outcome(draft, row)
        for draft, row in zip(batch, rows, strict=True)
    }
    answers: list[Stored | Refusal] = []
    for draft in drafts:
        key = (draft.conversation_id, draft.client_id)
        answer = outcome[key]
        answers.append(answer)
        if isinstance(answer, Stored) and not answer.repeated:
            outcome[key] = replace(answer, repeated=True)
    return answers


def post(draft: Draft) -> Stored:
    """Stores one message; after the commit everybody concerned is told. Raises Refused."""
    answer = store([draft])[0]
    if isinstance(answer, Refusal):
        raise answer.error()
    if not answer.repeated:
        live.announce_on_commit(message_pushes([answer]))
        events.publish(events.messages_posted, messages=[answer])
    return answer


def say(
    conversation: Conversation, text: str, *, at: datetime, citations: Sequence[Any] = ()
) -> None:
    """The house says something to a customer; without words it is silent."""
    if text:
        post(
            Draft(
                conversation_id=conversation.pk,
                author_kind="system",
                text=text,
                citations=list(citations),
                at=at,
            )
        )


def _execute(batch: Sequence[Draft]) -> list[tuple[Any, ...]]:
    dumps = orjson.dumps
    with prepared() as cursor:
        cursor.execute(
            _STATEMENT,
            {
                "conversation": numbers(d.conversation_id for d in batch),
                "client": texts(str(d.client_id) for d in batch),
                "kind": texts(d.author_kind for d in batch),
                "name": texts(d.author_name for d in batch),
                "agent": _or_null(d.agent_id for d in batch),
                "note": texts("t" if d.note else "f" for d in batch),
                "text": texts(d.text for d in batch),
                "attachments": texts(dumps(d.attachments).decode() for d in batch),
                "citations": texts(dumps(d.citations).decode() for d in batch),
                "suggestions": texts(dumps(d.suggestions).decode() for d in batch),
                "reply_to": _or_null(d.reply_to for d in batch),
                "run": _or_null(d.run for d in batch),
                "supervising": texts("t" if d.supervising else "f" for d in batch),
                "whispered_to": _or_null(d.whispered_to for d in batch),
                "preview": texts(preview_of(d.text) for d in batch),
                "trace": texts(d.trace for d in batch),
                "at": texts(d.at.isoformat() for d in batch),
                "bot_owes": BOT_OWES_WITHIN.total_seconds(),
                "bot_most": BOT_HAS_AT_MOST.total_seconds(),
            },
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _or_null(values: Iterable[int | None]) -> str:
    return texts(None if value is None else str(value) for value in values)


def _outcome(draft: Draft, row: tuple[Any, ...]) -> Stored | Refusal:
    _, verdict, uuid, state, assignee_id, queue_id, message_id, seq, offset, created_at = row
    if verdict == "not_yours" and assignee_id is None:
        verdict = "nobodys"
    if verdict not in {"fresh", "known"}:
        return Refusal(draft, verdict)
    return Stored(
        draft=draft,
        message_id=message_id,
        seq=seq,
        offset=offset,
        created_at=created_at,
        repeated=verdict == "known",
        conversation_uuid=uuid,
        state=state,
        assignee_id=assignee_id,
        queue_id=queue_id,
    )


def bot_owes_by(*, at: datetime, asked_at: datetime) -> datetime:
    """Until when the bot has to answer who has been waiting since `asked_at`, if it begins now."""
    return max(at, min(at + BOT_OWES_WITHIN, asked_at + BOT_HAS_AT_MOST))
