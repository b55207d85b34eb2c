"""A bot's behaviour is changed: past questions are replayed first, as before new words of an article."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from bots.behaviour.conduct import Behaviour
from bots.behaviour.profiles import inboxes_of, profile_of
from bots.models import BotProfile, Replay, ReplayRule
from bots.reads.replays import anything_asked, behaviour_after, manner_print, rule_of_the_house

OPEN = ("queued", "running")


def as_it_was(profile: BotProfile) -> Behaviour:
    """How the bot of these inboxes behaves before `profile` is saved: by itself, or by the profile
    that held for them until now."""
    if not profile._state.adding:  # noqa: SLF001 -- Django's way to tell
        return Behaviour.of(BotProfile.objects.whole().get(pk=profile.pk))
    return Behaviour.of(profile_of(profile.inbox_id))


def settle(
    profile: BotProfile, *, before: Behaviour, by_id: int | None, at: datetime
) -> Replay | None:
    """Whoever has saved a profile, with all that belongs to it, calls this in the same transaction.

    None: it holds. Else, by the rule of the house, it holds and the replay says what it does
    (*advise*); or it is put back as it was, and becomes so when the replay has passed (*block*).
    """
    saved = BotProfile.objects.whole().select_for_update(of=("self",)).get(pk=profile.pk)
    after = Behaviour.of(saved)
    if after == before:
        return None
    Replay.objects.filter(profile=saved, state__in=OPEN).delete()
    Replay.objects.filter(profile=saved, goes_live=True).update(goes_live=False)
    rule = rule_of_the_house()
    since = at - timedelta(weeks=rule.weeks)
    if rule.mode == ReplayRule.Mode.OFF or not anything_asked(
        since=since, inboxes=inboxes_of(saved)
    ):
        return None
    blocks = rule.mode == ReplayRule.Mode.BLOCK
    if blocks:
        before.put_into(saved)
    return Replay.objects.create(
        profile=saved,
        what=Replay.What.PUBLISH,
        words={"before": before.kept, "after": after.kept},
        fingerprint=manner_print(before, after),
        weeks=rule.weeks,
        goes_live=blocks,
        created_at=at,
        asked_by_id=by_id,
    )


def again(replay: Replay, *, goes_live: bool, by_id: int | None, at: datetime) -> Replay:
    """The same change, against what is asked and known by now. The one that waits or runs is given
    back."""
    assert replay.profile is not None
    with transaction.atomic():
        profile = BotProfile.objects.select_for_update().get(pk=replay.profile.pk)
        known = Replay.objects.filter(profile=profile, state__in=OPEN).first()
        if known is not None:
            return known
        before = Behaviour.of(BotProfile.objects.whole().get(pk=profile.pk))
        after = behaviour_after(replay)
        Replay.objects.filter(profile=profile, goes_live=True).update(goes_live=False)
        return Replay.objects.create(
            profile=profile,
            what=Replay.What.PUBLISH,
            words={"before": before.kept, "after": after.kept},
            fingerprint=manner_print(before, after),
            weeks=rule_of_the_house().weeks,
            goes_live=goes_live,
            created_at=at,
            asked_by_id=by_id,
        )


def behave(replay: Replay) -> BotProfile:
    """Makes the change that was replayed; in the caller's transaction."""
    profile = BotProfile.objects.select_for_update().get(replays=replay)
    behaviour_after(replay).put_into(profile)
    return BotProfile.objects.whole().get(pk=profile.pk)


def waiting_for(profile: BotProfile) -> Replay | None:
    """The change that is not made yet: its replay runs, or holds it back."""
    return profile.replays.filter(goes_live=True).exclude(state="passed").order_by("-pk").first()


def discard(profile: BotProfile) -> bool:
    """Forgets the change that waits. False when there is none."""
    waiting = waiting_for(profile)
    if waiting is None:
        return False
    Replay.objects.filter(pk=waiting.pk).exclude(state="overridden").delete()
    return True
