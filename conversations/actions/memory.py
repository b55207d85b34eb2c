"""What is remembered of a customer: kept, corrected, and erased for good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.crypto import salted_hmac

from conversations import live
from conversations.errors import NotAllowed, NotFound, WrongFields
from conversations.lifecycle import CLOSED
from conversations.live import Push, thread_room
from conversations.models import Customer, CustomerFact, RecordChange
from conversations.words import clean_line

MOST = 40  # facts of one customer
LONGEST = 200
HEALTH = frozenset({"allergy", "diet"})  # kept only when the customer agrees
UNANSWERED = timedelta(days=30)  # what they did not agree to goes
_EACH_ITS_OWN = frozenset({"allergy", "diet", "other"})


@dataclass(frozen=True, slots=True)
class Told:
    """A fact that a customer said, and where. `about` is which of its kind it is, such as a garment."""

    customer_id: int
    kind: str
    about: str
    value: str
    conversation_id: int
    seq: int | None
    at: datetime


@transaction.atomic
def remember(told: Sequence[Told], *, at: datetime) -> int:
    """Keeps what is new of what customers said; answers how much that was. Reading the same words again
    changes nothing: what was corrected or erased since then stays so."""
    done = 0
    for pk in sorted({one.customer_id for one in told}):
        customer = Customer.objects.select_for_update(no_key=True).filter(pk=pk).first()
        if customer is None or not customer.remembers:
            continue
        mine = sorted((one for one in told if one.customer_id == pk), key=lambda one: one.at)
        fresh = sum(_keep(customer, one, at=at) for one in mine)
        if fresh:
            _tell(customer)
        done += fresh
    return done


def _keep(customer: Customer, told: Told, *, at: datetime) -> bool:
    value, mark = told.value[:LONGEST], _mark(customer, told.kind, told.value)
    about = mark if told.kind in _EACH_ITS_OWN else told.about
    row = CustomerFact.objects.filter(customer=customer, kind=told.kind, about=about).first()
    if row is None:
        if customer.remembered.count() >= MOST:
            return False
        row = CustomerFact(customer=customer, kind=told.kind, about=about)
    elif row.mark == mark or row.changed_at >= told.at:
        return False
    row.value, row.mark, row.by, row.agent = value, mark, CustomerFact.By.SAID, None
    row.state = CustomerFact.State.ASKED if told.kind in HEALTH else CustomerFact.State.KNOWN
    row.conversation_id, row.seq = told.conversation_id, told.seq
    row.said_at, row.changed_at = told.at, at
    row.save()
    return True


@transaction.atomic
def write_down(
    *, customer_id: int, kind: str, value: str, agent_id: int, at: datetime
) -> CustomerFact:
    """An agent notes something for the customer, who sees it. Raises NotAllowed where the customer wants
    nothing to be remembered, or had just this erased."""
    customer = _held(customer_id)
    if not customer.remembers:
        raise NotAllowed("This customer wants nothing to be remembered.")
    if kind in HEALTH:
        raise NotAllowed(
            "What concerns somebody's health is kept only in the customer's own words."
        )
    value = _words(value)
    mark = _mark(customer, kind, value)
    about = mark if kind in _EACH_ITS_OWN else ""
    row = CustomerFact.objects.filter(customer=customer, kind=kind, about=about).first()
    if row is not None and row.state == CustomerFact.State.FORGOTTEN and row.mark == mark:
        raise NotAllowed("The customer has erased this.")
    if row is None and customer.remembered.count() >= MOST:
        raise NotAllowed(f"At most {MOST} things are remembered of a customer.")
    row = row or CustomerFact(customer=customer, kind=kind, about=about)
    row.value, row.mark, row.state = value, mark, CustomerFact.State.KNOWN
    row.by, row.agent_id, row.conversation_id, row.seq = "agent", agent_id, None, None
    row.said_at = row.changed_at = at
    row.save()
    _on_record(row, "noted", agent_id=agent_id, at=at)
    _tell(customer)
    return row


@transaction.atomic
def correct(
    *,
    customer_id: int,
    key: UUID,
    value: str | None,
    agent_id: int | None,
    at: datetime,
) -> CustomerFact:
    """Another value, or (None) it is right and may be kept. Without an agent it is the customer. Only they
    agree to what concerns their health. Raises NotFound."""
    customer = _held(customer_id)
    row = _fact(customer, key)
    if agent_id is not None and row.kind in HEALTH:
        raise NotAllowed("Only the customer says what concerns their health.")
    if value is not None:
        row.value = _words(value)
        row.mark = _mark(customer, row.kind, row.value)
        if row.kind in _EACH_ITS_OWN:
            same = customer.remembered.filter(kind=row.kind, about=row.mark).exclude(pk=row.pk)
            same.delete()
            row.about = row.mark
        row.by = CustomerFact.By.AGENT if agent_id else CustomerFact.By.CUSTOMER
        row.agent_id = agent_id
        row.conversation_id, row.seq, row.said_at = None, None, at
    row.state = CustomerFact.State.KNOWN
    row.changed_at = at
    row.save()
    if agent_id is not None:
        _on_record(row, "corrected", agent_id=agent_id, at=at)
    _tell(customer)
    return row


@transaction.atomic
def forget(*, customer_id: int, key: UUID, agent_id: int | None, at: datetime) -> None:
    """Erased for good, and not remembered again when the same is said once more. Raises NotFound."""
    customer = _held(customer_id)
    row = _fact(customer, key)
    row.value, row.state, row.changed_at = "", CustomerFact.State.FORGOTTEN, at
    row.conversation_id, row.seq, row.agent_id = None, None, agent_id
    row.save()
    if agent_id is not None:
        _on_record(row, "erased", agent_id=agent_id, at=at)
    _tell(customer)


@transaction.atomic
def switch(*, customer_id: int, on: bool) -> Customer:
    """Whether anything is remembered. Off: all of it goes at once, marks included."""
    customer = _held(customer_id)
    customer.remembers = on
    customer.save(update_fields=["remembers"])
    if not on:
        customer.remembered.all().delete()
        _tell(customer)
    return customer


def forget_old(*, at: datetime, days: int) -> int:
    """What was not said or changed for so long, and what the customer did not agree to."""
    rows = CustomerFact.objects.exclude(state="forgotten").filter(
        changed_at__lt=at - timedelta(days=days)
    )
    asked = CustomerFact.objects.filter(state="asked", changed_at__lt=at - UNANSWERED)
    return rows.delete()[0] + asked.delete()[0]


def _held(customer_id: int) -> Customer:
    customer = Customer.objects.select_for_update(no_key=True).filter(pk=customer_id).first()
    if customer is None:
        raise NotFound("There is no such customer.")
    return customer


def _fact(customer: Customer, key: UUID) -> CustomerFact:
    row = customer.remembered.filter(uuid=key).exclude(state="forgotten").first()
    if row is None:
        raise NotFound("Nothing like this is remembered.")
    return row


def _words(value: str) -> str:
    value = clean_line(value, limit=LONGEST)
    if not value:
        words = "Say what is to be remembered."
        raise WrongFields(words, fields={"value": [words]})
    return value


def _mark(customer: Customer, kind: str, value: str) -> str:
    said = f"{customer.uuid} {kind} {value.casefold()}"
    return salted_hmac("conversations.memory", said, algorithm="sha256").hexdigest()[:32]


def _on_record(row: CustomerFact, what: str, *, agent_id: int, at: datetime) -> None:
    """Who changed something; never what it was, which would outlive its erasure."""
    RecordChange.objects.create(
        customer_id=row.customer_id,
        agent_id=agent_id,
        changes={f"remembered: {row.get_kind_display()}": {"old": None, "new": what}},
        created_at=at,
    )


def _tell(customer: Customer) -> None:
    """Whoever has a conversation with them open looks again."""
    talks = customer.conversations.exclude(state__in=CLOSED).values_list("pk", flat=True)
    frame = {"type": "memory", "customer": str(customer.uuid)}
    live.announce_on_commit([Push(tuple(thread_room(pk) for pk in talks), frame)] if talks else [])
