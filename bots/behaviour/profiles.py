"""Which profile holds for an inbox, and what it says now."""

from datetime import datetime

from django.db.models import F, Q

from bots.answering.manner import FixedAnswer, Guideline, Manner, Mode
from bots.behaviour.quotas import used_up
from bots.models import BotProfile


def profile_of(inbox_id: int | None) -> BotProfile:
    """The inbox's own, else the one of all others, else what the house does by itself."""
    own = Q(inbox=inbox_id) | Q(inbox=None) if inbox_id else Q(inbox=None)
    found = BotProfile.objects.whole().filter(own).order_by(F("inbox").asc(nulls_last=True)).first()
    return found or BotProfile()


def manner_for(inbox_id: int | None, at: datetime) -> Manner:
    """How the bot of an inbox may speak at this moment: what its profile says, and its quotas allow."""
    profile = profile_of(inbox_id)
    spent = inbox_id is not None and used_up(profile, inbox_id, at=at) is not None
    return manner_of(profile, without_model=spent)


def manner_of(
    profile: BotProfile, *, without_model: bool = False, expected_wait: float | None = None
) -> Manner:
    """The profile's manner; `without_model`: what would be generated is quoted.

    `expected_wait` are the seconds after which a person would be there.
    """
    mode = Mode(profile.mode)
    rows = profile.pk is not None
    return Manner(
        mode=Mode.QUOTE if without_model and mode == Mode.GENERATE else mode,
        guidelines=tuple(
            Guideline(
                then=one.then,
                when=one.when,
                name=one.name,
                priority=one.priority,
                excludes=frozenset(one.excludes),
                never=tuple(one.never),
            )
            for one in (profile.guidelines.all() if rows else ())
        ),
        fixed=tuple(
            FixedAnswer(words=tuple(one.words), text=one.text, language=one.language)
            for one in (profile.fixed_answers.all() if rows else ())
        ),
        never=tuple(profile.never),
        longest=profile.longest,
        caution=profile.caution,
        expected_wait=expected_wait,
        callback=profile.offers_calls,
    )
