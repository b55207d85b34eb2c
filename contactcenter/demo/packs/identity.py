"""Who somebody is, before a business says anything private.

A number and what only its owner knows. Three wrong tries close the door to that number for a
quarter of an hour, also for the right answer; a number that nobody has is refused the same way, so
that nothing is learnt from trying. Who was right gets a token for a while.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.utils.crypto import constant_time_compare, salted_hmac

from contactcenter.demo.packs.call import Refusal
from contactcenter.demo.packs.models import Attempts, Business, Visit

WRONG_MOST: Final = 3
CLOSED_FOR: Final = timedelta(minutes=15)
VISIT: Final = timedelta(minutes=20)
KEPT: Final = timedelta(
    days=30
)  # who it was, for the agent who takes over; the token itself is over after VISIT
_SALT: Final = "contactcenter.demo.packs.identity"


def secret_digest(pack: str, who: str, secret: str) -> str:
    """How a code of a customer is kept."""
    return salted_hmac(_SALT, f"{pack} {who} {secret}", algorithm="sha256").hexdigest()


def matches(kept: str, pack: str, who: str, secret: str) -> bool:
    return constant_time_compare(kept, secret_digest(pack, who, secret))


def admitted(pack: str, who: str, *, is_right: bool, at: datetime) -> str | Refusal:
    """A token, or why not: `wrong` (403), or `locked` (423) after too many tries.

    A refusal is to be returned, not raised: the try counts.
    """
    refusal = known(pack, who, is_right=is_right, at=at)
    if refusal is not None:
        return refusal
    token = secrets.token_urlsafe(24)
    Visit.objects.filter(business__pack=pack, until__lte=at - KEPT).delete()
    business = Business.objects.get(pack=pack)
    Visit.objects.create(business=business, token=_digest(token), who=who, until=at + VISIT)
    return token


def proved_with(tokens: Sequence[str]) -> list[str]:
    """The numbers that these tokens were given for, also when they have ended since; the newest first."""
    digests = [_digest(one) for one in tokens]
    return list(Visit.objects.filter(token__in=digests).values_list("who", flat=True))


def leave(tokens: Sequence[str]) -> None:
    """Nobody knows any more whom these tokens were given to."""
    Visit.objects.filter(token__in=[_digest(one) for one in tokens]).delete()


def known(pack: str, who: str, *, is_right: bool, at: datetime) -> Refusal | None:
    """Counts the try; the same refusals as `admitted`, without a token for who was right."""
    tried, _ = Attempts.objects.select_for_update().get_or_create(
        business=Business.objects.get(pack=pack), who=_digest(who), defaults={"since": at}
    )
    if tried.since + CLOSED_FOR <= at:
        tried.wrong, tried.since = 0, at
    if tried.wrong >= WRONG_MOST:
        return Refusal("locked", "Too many wrong tries; a person has to look.", status=423)
    if not is_right:
        tried.wrong += 1
        tried.since = at
        tried.save(update_fields=["wrong", "since"])
        return Refusal("wrong", "These details do not belong together.", status=403)
    tried.wrong = 0
    tried.save(update_fields=["wrong", "since"])
    return None


def visitor(pack: str, token: str, *, at: datetime) -> str:
    """Whose token it is; refused with `session_over` (410) when it has ended or never was."""
    visit = Visit.objects.filter(business__pack=pack, token=_digest(token), until__gt=at).first()
    if visit is None:
        raise Refusal("session_over", "This identification has ended.", status=410)
    return visit.who


def _digest(said: str) -> str:
    return salted_hmac(_SALT, said, algorithm="sha256").hexdigest()
