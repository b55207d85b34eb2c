"""Work for later: ids in, the clock read here, one action called."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from agents.actions.attend import Fact
from agents.actions.attend import attend as attend_to
from agents.actions.drafts import forget_sent_drafts
from agents.actions.erasing import take_left_files_away
from agents.actions.mail import mail_unread
from agents.actions.moods import heard_unhappy
from agents.actions.noted import overlooked_notes
from agents.actions.notify import forget_old
from agents.actions.offers import release_offers
from agents.actions.promises import keep_promises
from agents.actions.push import push_out
from agents.actions.route import route_waiting
from agents.actions.scheduled import send_due as send_what_is_due
from agents.actions.search_index import index_customers, index_new
from agents.actions.sweep import run_due
from agents.actions.sweep import sweep as sweep_once


@shared_task(name="agents.route")
def route(*, queue_id: int | None = None, agent_id: int | None = None, **_: Any) -> None:
    route_waiting(queue_id=queue_id, agent_id=agent_id, at=timezone.now())


@shared_task(name="agents.release")
def release(*, agent_id: int, **_: Any) -> None:
    release_offers(agent_id=agent_id, at=timezone.now())


@shared_task(name="agents.due")
def due(**_: Any) -> None:
    run_due(at=timezone.now())


@shared_task(name="agents.sweep")
def sweep(**_: Any) -> None:
    sweep_once(at=timezone.now())


@shared_task(name="agents.index")
def index(**_: Any) -> None:
    """What was said or renamed since the last time is read for the search; sent drafts go."""
    index_new(at=timezone.now())
    index_customers()
    forget_sent_drafts()


@shared_task(name="agents.send_due")
def send_due(**_: Any) -> None:
    send_what_is_due(at=timezone.now())


@shared_task(name="agents.rules.waits")
def waits(**_: Any) -> None:
    """Whoever waits knows how long, and what they know stays true."""
    keep_promises(at=timezone.now())


@shared_task(name="agents.mood_fell")
def mood_fell(*, conversation_id: int, offset: int, **_: Any) -> None:
    """A customer's last messages read as unhappy ones: supervisors hear of it."""
    heard_unhappy(conversation_id=conversation_id, offset=offset, at=timezone.now())


@shared_task(name="agents.attend")
def attend(*, facts: list[Fact], **_: Any) -> None:
    attend_to(facts, at=timezone.now())


@shared_task(name="agents.push")
def push(*, notifications: list[int], **_: Any) -> None:
    push_out(notifications, at=timezone.now())


@shared_task(name="agents.tidy_attention")
def tidy_attention(**_: Any) -> None:
    """What got lost on the way, what nobody looks at, and what is too old."""
    at = timezone.now()
    overlooked_notes(at=at)
    mail_unread(at=at)
    forget_old(at=at)
    take_left_files_away()
