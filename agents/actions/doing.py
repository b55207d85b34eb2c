"""One action of a macro or of a bulk change: the very same thing that is done by hand."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from agents.actions import assign as assigning
from agents.actions import labelling, pausing
from agents.actions import wrap_up as wrapping
from agents.models import Agent
from agents.reads.replies import active, rendered, replies_for
from conversations.actions.attributes import set_on_conversation
from conversations.actions.log import hold
from conversations.actions.post import post
from conversations.actions.standing import mute
from conversations.drafts import Draft
from conversations.errors import BadWords, NotAllowed, TooLong
from conversations.models import Conversation
from conversations.words import TEXT_LIMIT, clean_text

Words = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Doing:
    """Who does something, where, and when. `run` names the attempt: said twice is said once."""

    agent: Agent
    conversation_id: int
    at: datetime
    run: uuid.UUID
    step: int = 0

    @property
    def client_id(self) -> uuid.UUID:
        return uuid.uuid5(self.run, f"{self.conversation_id} {self.step}")


def do(doing: Doing, action: Words) -> None:
    """Does one validated action inside a transaction. Raises Refused."""
    _DO[action["do"]](doing, action)


def _add_labels(doing: Doing, words: Words) -> None:
    labels = hold(doing.conversation_id).labels
    _label(doing, [*labels, *words["labels"]])


def _remove_labels(doing: Doing, words: Words) -> None:
    labels = hold(doing.conversation_id).labels
    _label(doing, [name for name in labels if name not in words["labels"]])


def _label(doing: Doing, labels: list[str]) -> None:
    if len(set(labels)) > 20:
        raise BadWords("A conversation carries at most 20 labels.")
    labelling.label(
        conversation_id=doing.conversation_id,
        agent_id=doing.agent.pk,
        labels=labels,
        priority=None,
        at=doing.at,
    )


def _set_priority(doing: Doing, words: Words) -> None:
    labelling.label(
        conversation_id=doing.conversation_id,
        agent_id=doing.agent.pk,
        labels=None,
        priority=words["priority"],
        at=doing.at,
    )


def _assign(doing: Doing, words: Words) -> None:
    kind, target = next(iter(words["to"].items()))
    if kind == "me" or target == str(doing.agent.uuid):
        assigning.claim(conversation_id=doing.conversation_id, agent_id=doing.agent.pk, at=doing.at)
        return
    assigning.transfer(
        conversation_id=doing.conversation_id,
        agent_id=doing.agent.pk,
        kind=kind,
        target=None if kind == "bot" else uuid.UUID(target),
        note="",
        at=doing.at,
    )


def _reply(doing: Doing, words: Words) -> None:
    conversation = _whole(doing.conversation_id)
    if "reply" in words:
        known = active(replies_for(doing.agent, conversation=conversation), at=doing.at)
        reply = known.filter(uuid=words["reply"]).first()
        if reply is None:
            raise BadWords("There is no such canned reply here.")
        texts: dict[str, str] = reply.texts
    else:
        texts = {conversation.language: words["text"]}
    _, filled = rendered(texts, conversation=conversation, agent=doing.agent)
    if filled.missing:
        raise BadWords(f"There is no value for {', '.join(filled.missing)}.")
    _say(doing, filled.text, note=False)


def _note(doing: Doing, words: Words) -> None:
    _say(doing, words["text"], note=True)


def _say(doing: Doing, text: str, *, note: bool) -> None:
    text = clean_text(text)
    if not text:
        raise BadWords("There is nothing to say.")
    if len(text) > TEXT_LIMIT:
        raise TooLong(f"At most {TEXT_LIMIT} characters.")
    post(
        Draft(
            conversation_id=doing.conversation_id,
            client_id=doing.client_id,
            author_kind="agent",
            author_name=doing.agent.shown_name,
            agent_id=doing.agent.pk,
            note=note,
            text=text,
            at=doing.at,
        )
    )


def _snooze(doing: Doing, words: Words) -> None:
    pausing.snooze(
        conversation_id=doing.conversation_id,
        agent_id=doing.agent.pk,
        until=doing.at + timedelta(minutes=words["minutes"]),
        at=doing.at,
    )


def _resolve(doing: Doing, words: Words) -> None:
    wrapping.resolve(
        conversation_id=doing.conversation_id,
        agent_id=doing.agent.pk,
        disposition=words.get("disposition", ""),
        note=words.get("note", ""),
        at=doing.at,
    )


def _set_attribute(doing: Doing, words: Words) -> None:
    set_on_conversation(
        conversation_id=doing.conversation_id,
        given={words["key"]: words["value"]},
        agent_id=doing.agent.pk,
        at=doing.at,
    )


def _mute(doing: Doing, words: Words) -> None:
    mute(
        conversation_id=doing.conversation_id,
        on=words["do"] == "mute",
        agent_id=doing.agent.pk,
        at=doing.at,
    )


def _read(doing: Doing, _: Words) -> None:
    conversation = _whole(doing.conversation_id)
    if conversation.assignee_id != doing.agent.pk:
        raise NotAllowed("Somebody else has this conversation.")
    labelling.mark_read(conversation=conversation, seq=conversation.seq)


def _whole(conversation_id: int) -> Conversation:
    related = ("inbox", "customer", "queue")
    return Conversation.objects.select_related(*related).get(pk=conversation_id)


_DO: dict[str, Callable[[Doing, Words], None]] = {
    "add_labels": _add_labels,
    "remove_labels": _remove_labels,
    "set_priority": _set_priority,
    "assign": _assign,
    "reply": _reply,
    "note": _note,
    "snooze": _snooze,
    "resolve": _resolve,
    "set_attribute": _set_attribute,
    "mute": _mute,
    "unmute": _mute,
    "read": _read,
}
