"""Which survey a conversation that is over gets: pure."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Rule:
    """Whom a survey is for; `inboxes`, `languages` and `with_labels` empty: for any. `share` in per cent."""

    key: UUID
    inboxes: frozenset[int] = frozenset()
    languages: frozenset[str] = frozenset()
    ended_with: str = "any"
    with_labels: frozenset[str] = frozenset()
    without_labels: frozenset[str] = frozenset()
    share: int = 100
    rest: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Ended:
    """What of a conversation that is over decides about it."""

    key: UUID
    inbox: int
    language: str
    labels: Collection[str]
    by_person: bool


def fits(rule: Rule, ended: Ended) -> bool:
    """Is it for conversations like this one? Chance and rest come afterwards."""
    who = "person" if ended.by_person else "bot"
    labels = {label.casefold() for label in ended.labels}
    return (
        (not rule.inboxes or ended.inbox in rule.inboxes)
        and (not rule.languages or ended.language.lower().split("-")[0] in rule.languages)
        and rule.ended_with in ("any", who)
        and (not rule.with_labels or bool(rule.with_labels & labels))
        and not rule.without_labels & labels
    )


def drawn(rule: Rule, ended: Ended) -> bool:
    """By lot, the same one whenever it is drawn: `share` of a hundred."""
    lot = hashlib.sha256(rule.key.bytes + ended.key.bytes).digest()
    return int.from_bytes(lot[:8], "big") % 100 < rule.share


def rested(rule: Rule, *, last_asked: datetime | None, at: datetime) -> bool:
    return last_asked is None or at - last_asked >= rule.rest


def first_fitting(rules: Iterable[Rule], ended: Ended) -> Rule | None:
    """The first that is for it decides, also where the lot then says no: a share is of all that fit."""
    return next((rule for rule in rules if fits(rule, ended)), None)
