"""The way to publishing: past questions are replayed first, and what gets worse waits for a person.

Taking an article away is never held up, nor is its end on a date: what is wrong must be gone at once.
What that does to past questions is shown beforehand to whoever asks (`begin` with `archive`).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from bots.actions import editing
from bots.actions.behaving import again, behave
from bots.actions.editing import publish_article
from bots.behaviour.conduct import Behaviour
from bots.models import Article, Draft, Replay, ReplayRule
from bots.reads.replays import (
    after_of,
    anything_asked,
    behaviour_after,
    bot_of,
    change_of,
    is_stale,
    print_now,
    rule_of_the_house,
)
from conversations.errors import NotAllowed, NotFound, Refused

PATIENCE = 4.0  # seconds that a door waits for a replay: most take less
_LOOK = 0.1


class GetsWorse(Refused):
    """Past questions would be answered worse: `fields["replay"]` is the id of what shows them."""

    code = "replay_gets_worse"


class NothingToReplay(Refused):
    """It is live as it stands."""

    code = "nothing_to_replay"


class CannotOverride(Refused):
    """Only a replay that holds a change back can be overridden, with a reason."""

    code = "cannot_override"


@dataclass(frozen=True)
class Way:
    """What became of the wish to publish: live, or the replay that it waits for."""

    is_live: bool
    replay: Replay | None = None

    @property
    def is_held_back(self) -> bool:
        return self.replay is not None and self.replay.state in {"worse", "failed"}


def publish(
    *,
    article: UUID,
    reason: str | None = None,
    by_id: int | None,
    at: datetime,
    patience: float = 0.0,
) -> Way:
    """Publishes what is saved, as `publish_article`, by the rule of the house.

    *Off*: at once. *Advise*: at once, and a replay says afterwards what it did. *Block*: as soon as
    a replay has passed, at once if one has or if nothing was ever asked. `patience` is how many
    seconds to wait for it here; later it is published by whoever finishes the replay.
    """
    rule = rule_of_the_house()
    found = _found(article)
    change = change_of(found)
    is_change = change.before != change.after
    if rule.mode == ReplayRule.Mode.OFF or not is_change or not _asked(rule, at=at):
        publish_article(article=article, reason=reason, by_id=by_id, at=at)
        return Way(is_live=True)
    if rule.mode == ReplayRule.Mode.ADVISE:
        replay = begin(article=article, by_id=by_id, at=at)
        publish_article(article=article, reason=reason, by_id=by_id, at=at)
        return Way(is_live=True, replay=replay)
    known = Replay.objects.filter(article=found, what="publish").order_by("-pk").first()
    if known is not None and known.state in {"passed", "overridden"} and not is_stale(known):
        publish_article(article=article, reason=reason, by_id=by_id, at=at)
        return Way(is_live=True, replay=known)
    if reason is not None:
        Draft.objects.filter(article=found).update(reason=reason)
    replay = begin(article=article, goes_live=True, by_id=by_id, at=at)
    return waited(replay, patience)


def looks(*, at: datetime) -> bool:
    """Whether anything happens here before words become live, in this house and today."""
    rule = rule_of_the_house()
    return rule.mode != ReplayRule.Mode.OFF and _asked(rule, at=at)


def begin(
    *,
    article: UUID,
    what: str = Replay.What.PUBLISH,
    goes_live: bool = False,
    by_id: int | None,
    at: datetime,
) -> Replay:
    """A replay of what is saved now. The same change again gives the one that waits or runs; another
    change of the same article takes its place. Raises NothingToReplay."""
    found = _found(article)
    change = change_of(found, what=what)
    if change.before == change.after:
        raise NothingToReplay("It is live as it stands, and there is no draft.")
    with transaction.atomic():
        Article.objects.select_for_update().get(pk=found.pk)
        open_ones = Replay.objects.filter(article=found, what=what, finished_at=None)
        for known in open_ones.filter(state__in=["queued", "running"]):
            if known.fingerprint == change.fingerprint:
                if goes_live and not known.goes_live:
                    known.goes_live, known.asked_by_id = True, by_id
                    known.save(update_fields=["goes_live", "asked_by"])
                return known
            known.delete()
        return Replay.objects.create(
            article=found,
            what=what,
            words=change.words,
            fingerprint=change.fingerprint,
            weeks=rule_of_the_house().weeks,
            goes_live=goes_live,
            created_at=at,
            asked_by_id=by_id,
        )


def conclude(replay: Replay, *, at: datetime) -> bool:
    """After a replay: publishes what was to go live if nothing gets worse and nobody has changed it
    since. True if it did."""
    with transaction.atomic():
        held = Replay.objects.select_for_update().filter(pk=replay.pk).first()
        if held is None or held.state != Replay.State.PASSED or not held.goes_live:
            return False
        held.goes_live = False
        held.save(update_fields=["goes_live"])
        if is_stale(held):
            _again(held, at=at)
            return False
        _make(held, by_id=held.asked_by_id, at=at)
    return True


def _again(replay: Replay, *, at: datetime) -> None:
    """The same change once more, when only other articles have changed while it was replayed."""
    if print_now(replay) is None:
        return
    if replay.article is None:
        again(replay, goes_live=True, by_id=replay.asked_by_id, at=at)
    else:
        begin(article=replay.article.uuid, goes_live=True, by_id=replay.asked_by_id, at=at)


def run_due(*, at: datetime) -> int:
    """What the clock publishes and archives (`editing.run_due`): a date that comes begins a replay,
    and the words go live when it has passed."""
    return editing.run_due(at=at, publish=publish)


def passed_but_not_live() -> list[Replay]:
    """What a worker has left behind that died just then."""
    return list(Replay.objects.filter(state="passed", goes_live=True).order_by("pk")[:20])


def override(*, replay: UUID, reason: str, by_id: int | None, may: bool, at: datetime) -> Replay:
    """Makes the change in spite of what was found; who and why is kept with the replay, for good.

    Raises NotAllowed, NotFound, CannotOverride; and Refused when the article is not the one that was
    replayed any more.
    """
    if not may:
        raise NotAllowed("Publishing in spite of a replay takes the right to override it.")
    said = " ".join(reason.split())
    if not said:
        raise CannotOverride("Say why.", fields={"reason": ["Say why."]})
    with transaction.atomic():
        held = Replay.objects.select_for_update().filter(uuid=replay).first()
        if held is None:
            raise NotFound("There is no such replay.")
        if held.what != Replay.What.PUBLISH or held.state in {"passed", "overridden"}:
            raise CannotOverride("Nothing holds it back.")
        if not held.goes_live and held.article is None:
            raise CannotOverride("Nothing holds it back.")
        if held.article is not None and after_of(held) != change_of(held.article).after:
            raise CannotOverride("The words were changed since. Replay them again.")
        held.state = Replay.State.OVERRIDDEN
        held.override_reason, held.overridden_by_id, held.overridden_at = said[:300], by_id, at
        held.finished_at = held.finished_at or at
        held.goes_live = False
        held.save()
        _make(held, by_id=by_id, at=at)
    return held


def _make(replay: Replay, *, by_id: int | None, at: datetime) -> None:
    """The change that was replayed, in the caller's transaction."""
    if replay.article is None:
        behave(replay)
    else:
        publish_article(article=replay.article.uuid, by_id=by_id, at=at)


def waited(replay: Replay, patience: float) -> Way:
    """As it stands after at most so many seconds. Raises GetsWorse."""
    until = time.monotonic() + patience
    while not replay.is_over and time.monotonic() < until:
        if not connection.in_atomic_block:
            connection.close()
        time.sleep(_LOOK)
        found = Replay.objects.filter(pk=replay.pk).first()
        if found is None:  # somebody changed the article meanwhile: theirs is replayed now
            return Way(is_live=False)
        replay = found
    if replay.state == Replay.State.PASSED and replay.goes_live:
        # Its worker is about to publish; whoever comes first does.
        conclude(replay, at=replay.finished_at or replay.created_at)
    return Way(is_live=_is_live(replay), replay=replay)


def _is_live(replay: Replay) -> bool:
    """Whether readers have the words that were replayed, or the bot behaves so."""
    if replay.article is None:
        return Behaviour.of(bot_of(replay)) == behaviour_after(replay)
    change = change_of(_found(replay.article.uuid))
    return change.before == change.after == after_of(replay)


def check(way: Way) -> Way:
    """Raises GetsWorse if it is held back."""
    if way.is_held_back and way.replay is not None:
        raise GetsWorse(
            "Past questions would be answered worse. The change is kept; look at the replay.",
            fields={"replay": [str(way.replay.uuid)]},
        )
    return way


def _asked(rule: ReplayRule, *, at: datetime) -> bool:
    return anything_asked(since=at - timedelta(weeks=rule.weeks))


def _found(key: UUID) -> Article:
    found = Article.objects.filter(uuid=key).first()
    if found is None:
        raise NotFound("There is no such article.")
    return found
