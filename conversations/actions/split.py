"""Some messages become a conversation of their own."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from conversations.actions.copying import copy_messages
from conversations.actions.log import append, hold
from conversations.actions.post import BOT_OWES_WITHIN
from conversations.errors import Merged, WrongFields
from conversations.models import Conversation, Link, Message


@transaction.atomic
def split(
    *, conversation_id: int, offsets: Sequence[int], agent_id: int, at: datetime
) -> Conversation:
    """A new conversation of the same customer with copies of these lines, linked to this one.

    It is answered locked and with the bot, with its customer waiting: the caller says at once who
    has it. Raises WrongFields unless every offset is something that somebody said.
    """
    source = hold(conversation_id)
    if source.merged_into_id:
        raise Merged("This conversation goes on in another one; split that.")
    wanted = sorted(set(offsets))
    chosen = list(
        Message.objects.filter(conversation=source, offset__in=wanted)
        .exclude(author_kind="system")
        .order_by("offset")
    )
    if not chosen or len(chosen) != len(wanted):
        raise WrongFields(
            "Choose lines that somebody said.", fields={"offsets": ["Not all are messages."]}
        )
    made = Conversation.objects.create(
        inbox=source.inbox,
        customer=source.customer,
        language=source.language,
        priority=source.priority,
        queue=source.queue,
        opened_at=at,
        last_message_at=chosen[-1].created_at,
        waiting_since=at,
        due_at=at + BOT_OWES_WITHIN,
    )
    made = hold(made.pk)
    say = partial(append, at=at, actor="agent", agent_id=agent_id)
    origin: dict[str, Any] = {"from": source.uuid}
    say(made, "opened", inbox=source.inbox.key, language=source.language)
    say(made, "split_from", **origin, messages=len(chosen))
    copy_messages(chosen, source, made, at=at)
    say(source, "split", into=made.uuid, messages=len(chosen))
    Link.objects.create(
        source=source, target=made, kind=Link.Kind.SPLIT, agent_id=agent_id, created_at=at
    )
    return made
