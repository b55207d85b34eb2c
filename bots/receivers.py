"""What the bot reacts to: each receiver queues a task and nothing else."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver

from bots import tasks
from bots.models import Article, ProcedureVersion, Replay
from conversations import events
from conversations.drafts import Stored
from conversations.later import queue_task


@receiver(events.messages_posted)
def answer_customers(*, messages: Sequence[Stored], **_: Any) -> None:
    """One turn answers everything that a customer said at once."""
    asked = {
        one.draft.conversation_id
        for one in messages
        if one.state == "bot" and one.draft.author_kind == "customer"
    }
    for conversation_id in asked:
        queue_task(tasks.answer, conversation_id=conversation_id)


@receiver(events.bot_needed)
def answer_again(*, conversation_id: int, **_: Any) -> None:
    queue_task(tasks.answer, conversation_id=conversation_id)


@receiver(post_save, sender=ProcedureVersion, dispatch_uid="bots-read-examples")
def read_its_examples(*, instance: ProcedureVersion, raw: bool = False, **_: Any) -> None:
    """Of one that goes live, before the first customer needs it."""
    if not raw and instance.state == ProcedureVersion.State.LIVE:
        transaction.on_commit(lambda: queue_task(tasks.index_stale))


@receiver(post_save, sender=ProcedureVersion, dispatch_uid="bots-look-at-openings")
def look_at_its_openings(*, instance: ProcedureVersion, raw: bool = False, **_: Any) -> None:
    """Of a draft that has customers, before it is published."""
    if not raw and instance.state == ProcedureVersion.State.DRAFT and instance.tests:
        version_id = instance.pk
        transaction.on_commit(
            lambda: queue_task(tasks.look_at_openings, version_id=version_id) and None
        )


@receiver(post_save, sender=Article)
def index_the_article(*, instance: Article, raw: bool = False, **_: Any) -> None:
    """However it was saved: what the bot quotes is what the editor sees."""
    if not raw:
        transaction.on_commit(
            lambda: queue_task(tasks.index_article, article_id=instance.pk) and None
        )


@receiver(events.handoff_requested)
def count_readers_who_asked(*, conversation_id: int, **_: Any) -> None:
    queue_task(tasks.count_asked, conversation_id=conversation_id)


@receiver(events.handoff_requested)
def tell_what_was_gathered(*, conversation_id: int, **_: Any) -> None:
    queue_task(tasks.close_procedure, conversation_id=conversation_id)


@receiver(post_save, sender=Replay)
def replay_the_change(*, created: bool, raw: bool = False, **_: Any) -> None:
    if created and not raw:
        transaction.on_commit(lambda: queue_task(tasks.replay) and None)
