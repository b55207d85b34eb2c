"""Opens a customer's session: who they are, and which conversation is theirs."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from conversations.access import hash_of
from conversations.actions.attributes import fields_of
from conversations.actions.log import append
from conversations.attributes import believed
from conversations.errors import NotAllowed
from conversations.models import Conversation, Customer, Identity, Session
from conversations.people import desk
from conversations.words import clean_line
from inboxes.models import Inbox
from inboxes.signing import is_signed

SESSION_DAYS = 30
ATTRIBUTES_LIMIT = 50


@dataclass(frozen=True, slots=True)
class Claims:
    """What a browser says about its customer; only a signed external id is believed."""

    name: str = ""
    email: str = ""
    phone: str = ""
    external_id: str = ""
    signature: str = ""
    attributes: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    token: str
    conversation: Conversation
    customer: Customer


def open_session(
    *, inbox: Inbox, language: str, claims: Claims, origin: str, at: datetime
) -> Opened:
    """A new key for this customer's conversation. Raises NotAllowed for a wrong signature."""
    verified = bool(claims.external_id) and is_signed(
        claims.external_id, claims.signature, secret=inbox.secret
    )
    if (claims.external_id and claims.signature and not verified) or (
        inbox.identity_required and not verified
    ):
        raise NotAllowed("The signature of external_id is not valid.")
    try:
        return _open(inbox, language, claims, origin, at, verified=verified)
    except IntegrityError:  # the same identity arrived twice at once: now it is there
        return _open(inbox, language, claims, origin, at, verified=verified)


@transaction.atomic
def attach_identity(*, session: Session, claims: Claims, at: datetime) -> None:
    """Somebody who wrote as a guest signs in on the company's site: now we know who it is.

    Raises NotAllowed for a wrong signature, and when the guest or the identity is somebody else
    already: two people are never made one, so their page opens a new session instead.
    """
    if not is_signed(claims.external_id, claims.signature, secret=session.inbox.secret):
        raise NotAllowed("The signature of external_id is not valid.")
    known = Identity.objects.filter(inbox=session.inbox, external_id=claims.external_id).first()
    others = session.customer.identities.exclude(external_id=claims.external_id).exists()
    if others or (known and known.customer_id != session.customer_id):
        raise NotAllowed("This conversation belongs to somebody else; open a new session.")
    if known is None:
        Identity.objects.create(
            customer=session.customer,
            inbox=session.inbox,
            external_id=claims.external_id,
            verified_at=at,
        )
    _complete(session.customer, claims)


@transaction.atomic
def _open(
    inbox: Inbox, language: str, claims: Claims, origin: str, at: datetime, *, verified: bool
) -> Opened:
    identity = (
        Identity.objects.select_for_update(of=("self",))
        .select_related("customer")
        .filter(inbox=inbox, external_id=claims.external_id)
        .first()
        if verified
        else None
    )
    customer = identity.customer if identity else _new_customer(claims, language, at)
    if identity:
        _complete(customer, claims)
    elif verified:
        Identity.objects.create(
            customer=customer, inbox=inbox, external_id=claims.external_id, verified_at=at
        )
    if customer.is_blocked:
        raise NotAllowed("This conversation is not possible.")
    conversation = (
        Conversation.objects.filter(customer=customer, inbox=inbox).open().order_by("-pk").first()
        if identity
        else None
    )
    conversation = conversation or open_conversation(
        inbox=inbox, customer=customer, language=language, at=at
    )
    token = secrets.token_urlsafe(32)
    Session.objects.create(
        token_hash=hash_of(token),
        customer=customer,
        conversation=conversation,
        inbox=inbox,
        origin=origin[:200],
        created_at=at,
        expires_at=at + timedelta(days=SESSION_DAYS),
    )
    return Opened(token, conversation, customer)


def open_conversation(
    *, inbox: Inbox, customer: Customer, language: str, at: datetime
) -> Conversation:
    conversation = Conversation.objects.create(
        inbox=inbox,
        customer=customer,
        language=language or customer.language or "en",
        opened_at=at,
        last_message_at=at,
    )
    if (seconds := desk().silence(conversation)) is not None:
        conversation.idle_seconds = seconds
        conversation.save(update_fields=["idle_seconds"])
    append(conversation, "opened", at=at, actor="customer", inbox=inbox.key, language=language)
    return conversation


def _new_customer(claims: Claims, language: str, at: datetime) -> Customer:
    return Customer.objects.create(
        name=clean_line(claims.name, limit=200),
        email=clean_line(claims.email, limit=254),
        phone=clean_line(claims.phone, limit=40),
        language=language,
        attributes=_attributes(claims),
        created_at=at,
    )


def _complete(customer: Customer, claims: Claims) -> None:
    """The company's own site knows its customer best: what it says replaces what we had."""
    customer.name = clean_line(claims.name, limit=200) or customer.name
    customer.email = clean_line(claims.email, limit=254) or customer.email
    customer.phone = clean_line(claims.phone, limit=40) or customer.phone
    customer.attributes = {**customer.attributes, **_attributes(claims)}
    customer.save(update_fields=["name", "email", "phone", "attributes"])


def _attributes(claims: Claims) -> dict[str, Any]:
    pairs = list((claims.attributes or {}).items())[:ATTRIBUTES_LIMIT]
    if not pairs:
        return {}
    plain = {
        clean_line(str(k), limit=60): clean_line(v, limit=500) if isinstance(v, str) else v
        for k, v in pairs
        if isinstance(v, str | int | float | bool | None)
    }
    return believed(fields_of("customer"), plain)
