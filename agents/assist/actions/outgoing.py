"""The rules for what agents send, enforced where messages are stored: no door goes round them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q

from agents.assist.models import OutgoingRule, SentAnyway
from agents.assist.rules.outgoing import Found, Rule, found_in, says
from agents.models import Agent
from conversations.drafts import Draft, Refusal, Stored
from conversations.models import Conversation, Message
from conversations.outgoing import Looked

OVERRIDE = "assist.override_outgoing"


class HouseRules:
    """Looks at each message of an agent; keeps nothing between two looks."""

    def look(self, drafts: Sequence[Draft]) -> Looked:
        found = _found(drafts)
        stopped = {}
        for place, hits in found.items():
            blocking = [hit for hit in hits if hit.rule.blocks]
            if blocking and not _may_override(drafts[place]):
                stopped[place] = blocking
        known = _stored_before([drafts[place] for place in stopped]) if stopped else set()
        held_back = {
            place: Refusal(drafts[place], "sensitive", f"Not sent. {says(hits)}")
            for place, hits in stopped.items()
            if (drafts[place].conversation_id, drafts[place].client_id) not in known
        }
        return Looked(held_back, is_noted=len(found) > len(held_back))

    def said(self, stored: Sequence[Stored]) -> None:
        found = _found([one.draft for one in stored])
        SentAnyway.objects.bulk_create(
            [_noted(stored[place], hits) for place, hits in found.items()], ignore_conflicts=True
        )


def _stored_before(drafts: Sequence[Draft]) -> set[tuple[int, UUID]]:
    """Sent again: they are answered with what was stored the first time, whatever the rules are now."""
    rows = Message.objects.filter(
        conversation__in={one.conversation_id for one in drafts},
        client_id__in={one.client_id for one in drafts},
    )
    return set(rows.values_list("conversation_id", "client_id"))


def rules_of(inbox_id: int) -> list[Rule]:
    """Those that hold in an inbox."""
    rows = OutgoingRule.objects.filter(Q(inbox=None) | Q(inbox=inbox_id), is_on=True)
    return [_rule(row) for row in rows]


def _found(drafts: Sequence[Draft]) -> dict[int, list[Found]]:
    rows = list(OutgoingRule.objects.filter(is_on=True))
    if not rows:
        return {}
    inboxes = dict(
        Conversation.objects.filter(pk__in={one.conversation_id for one in drafts}).values_list(
            "pk", "inbox_id"
        )
    )
    found = {}
    for place, draft in enumerate(drafts):
        inbox = inboxes.get(draft.conversation_id)
        mine = [_rule(row) for row in rows if row.inbox_id in {None, inbox}]
        if hits := found_in(draft.text, mine):
            found[place] = hits
    return found


def _rule(row: OutgoingRule) -> Rule:
    blocks = row.mode == OutgoingRule.Mode.BLOCK
    return Rule(row.pk, row.name, tuple(row.words), frozenset(row.kinds), blocks, row.advice)


def _may_override(draft: Draft) -> bool:
    if not draft.override or draft.agent_id is None:
        return False
    agent = Agent.objects.filter(pk=draft.agent_id, is_active=True).first()
    return agent is not None and agent.has_perm(OVERRIDE)


def _noted(stored: Stored, hits: Sequence[Found]) -> SentAnyway:
    blocked = any(hit.rule.blocks for hit in hits)
    # A rule that came into force between the look and the commit is only a warning that came late.
    overridden = blocked and bool(stored.draft.override)
    return SentAnyway(
        conversation_id=stored.draft.conversation_id,
        message_id=stored.message_id,
        agent_id=stored.draft.agent_id,
        rules=list(dict.fromkeys(hit.rule.name for hit in hits)),
        what=list(dict.fromkeys(hit.what for hit in hits)),
        how="overridden" if overridden else "warned",
        reason=stored.draft.override if overridden else "",
        at=stored.created_at,
    )
