"""Which profile holds for an inbox, and what it says now."""

from dataclasses import replace
from datetime import datetime

from django.db.models import F, Q

from bots.answering.manner import Manner, Mode
from bots.behaviour.conduct import Behaviour
from bots.behaviour.quotas import used_up
from bots.models import BotProfile
from inboxes.models import Inbox


def profile_of(inbox_id: int | None) -> BotProfile:
    """The inbox's own, else the one of all others, else what the house does by itself."""
    own = Q(inbox=inbox_id) | Q(inbox=None) if inbox_id else Q(inbox=None)
    found = BotProfile.objects.whole().filter(own).order_by(F("inbox").asc(nulls_last=True)).first()
    return found or BotProfile()


def inboxes_of(profile: BotProfile) -> list[int]:
    """The inboxes whose bot it is, or would be once it is saved."""
    if profile.inbox_id is not None:
        return [profile.inbox_id]
    without = Inbox.objects.filter(bot_profile=None)
    return list(without.order_by("pk").values_list("pk", flat=True))


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
    said = Behaviour.of(profile).manner()
    return replace(
        said,
        mode=Mode.QUOTE if without_model and said.mode == Mode.GENERATE else said.mode,
        expected_wait=expected_wait,
        callback=profile.offers_calls,
    )
