"""Nobody is here: what customers hear instead of a person, and what becomes of what they leave."""

import re
from datetime import datetime, timedelta

from django.db import transaction

from agents.models import Queue
from agents.queries import anybody_online
from agents.reads.policies import PolicyBook, hours_of
from agents.rules.registry import Rules, words_for
from conversations.actions.log import append, hold, tell
from conversations.actions.post import say
from conversations.models import Conversation, Customer, Event
from conversations.phrases import day_and_time, joined, phrase

AGAIN = timedelta(hours=1)  # between two reassurances to somebody who goes on writing
_PART = "[A-Za-z0-9-]{1,63}"
_EMAIL = re.compile(rf"(?<![\w.+-])[\w.+-]{{1,64}}@{_PART}(?:\.{_PART}){{1,4}}(?![\w-])", re.ASCII)


def nobody_in(queue: Queue, rules: Rules, *, at: datetime) -> bool:
    """Whether nobody can be asked now: it is closed, or nobody who serves here is online."""
    return is_closed(rules, at=at) or not anybody_online(queue, at=at)


def is_closed(rules: Rules, *, at: datetime) -> bool:
    hours = hours_of(rules.hours) if rules.hours else None
    return hours is not None and not hours.is_open(at)


def say_nobody(conversation: Conversation, rules: Rules, *, at: datetime, first: str = "") -> None:
    """Once for each wait: what happens next, when, and how we reach them if they go. `first` is said
    before it, in the same message."""
    conversation.told_nobody = True
    conversation.save(update_fields=["told_nobody"])
    append(conversation, "nobody_here", at=at)
    say(conversation, joined(first, _words(conversation, rules, at=at)), at=at)


def _words(conversation: Conversation, rules: Rules, *, at: datetime) -> str:
    if is_closed(rules, at=at) and rules.closed_text:
        return words_for(rules.closed_text, conversation.language)
    language = conversation.language
    said = phrase("nobody_here", language, when=_when(rules, language, at=at))
    email = conversation.customer.email
    how = phrase("known_email", language, email=email) if email else phrase("leave_email", language)
    return joined(said, how)


def _when(rules: Rules, language: str, *, at: datetime) -> str:
    hours = hours_of(rules.hours) if rules.hours else None
    opening = hours.next_opening(at) if hours and not hours.is_open(at) else None
    if opening is None:
        return phrase("when_back", language)
    return phrase("when_open", language, moment=day_and_time(opening, language))


@transaction.atomic
def heard(*, conversation_id: int, text: str, at: datetime) -> bool:
    """Somebody who was told that nobody is here wrote on: an address that they leave is kept, and now
    and then they hear that nothing is lost. True if anything was said."""
    found = set(_EMAIL.findall(text))
    if len(found) == 1:
        # Before the conversation, as everywhere: who blocks a customer locks them in this order, too.
        Customer.objects.select_for_update(no_key=True, of=("self",)).get(
            conversations=conversation_id
        )
    conversation = hold(conversation_id)
    if not conversation.is_waiting or not conversation.told_nobody or conversation.queue is None:
        return False
    if len(found) == 1 and not conversation.customer.email:
        _keep(conversation, found.pop(), at=at)
        return True
    if Event.objects.filter(
        conversation=conversation, kind="nobody_here", created_at__gt=at - AGAIN
    )[1:2].exists():
        return False
    inbox = conversation.inbox
    rules = PolicyBook.load().for_queue(conversation.queue, inbox_id=inbox.pk, channel=inbox.kind)
    if not nobody_in(conversation.queue, rules, at=at):
        return False
    append(conversation, "nobody_here", at=at)
    language = conversation.language
    say(conversation, phrase("nobody_yet", language, when=_when(rules, language, at=at)), at=at)
    return True


def _keep(conversation: Conversation, email: str, *, at: datetime) -> None:
    customer = conversation.customer
    customer.email = email[:254]
    customer.save(update_fields=["email"])
    append(conversation, "contact_left", at=at, actor="customer", field="email")
    say(conversation, phrase("email_kept", conversation.language, email=customer.email), at=at)
    tell(conversation)
