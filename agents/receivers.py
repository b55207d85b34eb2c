"""What the people's side reacts to: each receiver queues a task and nothing else."""

from collections.abc import Sequence
from typing import Any

from django.db.models.signals import post_migrate
from django.dispatch import receiver

from agents import events as people
from agents import tasks
from agents.roles import ensure_roles
from agents.socket.gathering import Fact, Gatherer, Newest
from conversations import events
from conversations.drafts import Stored
from conversations.later import queue_task
from conversations.lifecycle import ENDED


@receiver(events.handoff_requested)
def find_an_agent(*, queue_id: int, **_: Any) -> None:
    queue_task(tasks.route, queue_id=queue_id)


@receiver(people.presence_changed)
def bring_the_backlog(*, agent_id: int, status: str, **_: Any) -> None:
    queue_task(tasks.route if status == "online" else tasks.release, agent_id=agent_id)


@receiver(people.room_made)
def bring_the_next(*, agent_id: int, **_: Any) -> None:
    queue_task(tasks.route, agent_id=agent_id)


def _queue_attention(facts: Sequence[Fact]) -> None:
    queue_task(tasks.attend, facts=list(facts))


_news = Gatherer(_queue_attention)
_customers_words = Newest(_queue_attention)


@receiver(events.messages_posted)
def tell_whom_words_concern(*, messages: Sequence[Stored], **_: Any) -> None:
    """Private notes may name somebody; what a customer says concerns whoever takes part."""
    said = [one for one in messages if one.draft.author_kind == "customer" and one.state != "bot"]
    _news.add(
        [{"message": one.message_id} for one in messages if one.draft.note]
        # Of who waits with nobody here each line is listened to: it may hold an address.
        + [{"message": one.message_id} for one in said if one.state != "assigned"]
    )
    _customers_words.add(
        {
            one.draft.conversation_id: {"message": one.message_id}
            for one in said
            if one.state == "assigned"
        }
    )


@receiver(events.conversation_moved)
def tell_whom_a_move_concerns(*, conversation_id: int, state: str, was: str, **_: Any) -> None:
    if state == "assigned" or was in ENDED:
        _news.add([{"conversation": conversation_id, "state": state, "was": was}])


@receiver(events.mood_fell)
def tell_whom_a_mood_concerns(*, conversation_id: int, offset: int, **_: Any) -> None:
    queue_task(tasks.mood_fell, conversation_id=conversation_id, offset=offset)


@receiver(people.offer_made)
def tell_whom_an_offer_concerns(*, agent_id: int, conversation_id: int, **_: Any) -> None:
    _news.add([{"conversation": conversation_id, "offered_to": agent_id}])


@receiver(people.notified)
def tell_their_browsers(*, notifications: Sequence[int], **_: Any) -> None:
    queue_task(tasks.push, notifications=list(notifications))


@receiver(post_migrate)
def make_the_roles(*, app_config: Any, **_: Any) -> None:
    """After the last app: only then do all permissions exist."""
    if app_config.label == "demo":
        ensure_roles()
