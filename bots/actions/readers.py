"""What readers do is counted by day; who they are is not kept.

A visitor is told apart for half an hour by a keyed hash in Valkey, so that a page that is loaded again
counts once. Without Valkey nothing is counted, and readers notice nothing.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.conf.locale import LANG_INFO
from django.core.cache import cache
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from redis.exceptions import RedisError

from bots.actions.voting import voter_by_customer
from bots.models import Article, ArticleDay, Place, SearchDay
from bots.privacy.vault import Vault
from conversations.models import Customer

SAME_READER = 1_800  # seconds: reading again within them is one reading
KEPT = timedelta(days=365)  # of searched words
WORDS_A_DAY = 2_000  # different ones of a place; those beyond it are counted without their words
_LONGEST = 120
_LANGUAGES = frozenset(code.split("-")[0] for code in LANG_INFO)
_MACHINES = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|monitor|curl/|wget/|python|httpx|okhttp|axios"
    r"|go-http|java/|scrapy|lighthouse|facebookexternalhit",
    re.IGNORECASE,
)


def is_machine(request: HttpRequest) -> bool:
    """A crawler, a program, or a browser that fetches what nobody has asked for yet."""
    agent = request.headers.get("User-Agent", "")
    early = request.headers.get("Sec-Purpose", "") or request.headers.get("Purpose", "")
    return request.method == "HEAD" or not agent or bool(_MACHINES.search(agent) or early)


def count_view(
    article: Article, *, visitor: str, place: Place, language: str, at: datetime
) -> None:
    """An article was opened. `visitor` as `bots.actions.voting` tells them apart."""
    day = _day(at)
    try:
        fresh = cache.add(f"reads:{visitor}:{article.pk}:{day}", 1, SAME_READER)
        if not fresh:
            return
        recent = cache.get(f"recent:{visitor}") or []
        mine = [article.pk, str(day), str(place), spoken(language)]
        cache.set(f"recent:{visitor}", [*recent[-9:], mine], SAME_READER)
    except RedisError:
        return
    _add(
        ArticleDay,
        {"article_id": article.pk, "day": day, "place": place, "language": spoken(language)},
        {"views": 1},
    )


def count_asked(*, conversation_id: int) -> None:
    """A customer who has just read articles in the chat needs a person: they did not help."""
    customer = Customer.objects.filter(conversations=conversation_id).first()
    if customer is None:
        return
    visitor = voter_by_customer(customer.uuid)
    try:
        recent = cache.get(f"recent:{visitor}") or []
        cache.delete(f"recent:{visitor}")
    except RedisError:
        return
    for article, day, place, language in recent:
        ArticleDay.objects.filter(
            article_id=article, day=day, place=place, language=language, asked__lt=F("views")
        ).update(asked=F("asked") + 1)


def count_search(
    words: str, *, found: int, visitor: str, place: Place, language: str, at: datetime
) -> None:
    """Somebody searched, and saw so many articles; the same words again count once."""
    said = without_personal_data(words)
    row = {"words": said, "day": _day(at), "place": place, "language": spoken(language)}
    try:
        if not said or not cache.add(f"searches:{visitor}:{hash_of(row)}", 1, SAME_READER):
            return
        if not _has_room(row):
            row["words"] = ""
        cache.set(f"searched:{visitor}", {**row, "day": str(row["day"])}, SAME_READER)
    except RedisError:
        return
    _add(SearchDay, row, {"searches": 1, "empty": int(found == 0)})


def count_opened(*, visitor: str) -> None:
    """A result of this visitor's last search was opened; each search counts once."""
    try:
        row = cache.get(f"searched:{visitor}")
        cache.delete(f"searched:{visitor}")
    except RedisError:
        return
    if row:
        SearchDay.objects.filter(**row, opened__lt=F("searches")).update(opened=F("opened") + 1)


def without_personal_data(words: str) -> str:
    """What may be stored of a search: folded, short, with placeholders for what is personal."""
    plain = " ".join(words.replace("\0", " ").split())[:400]
    hidden = Vault().redacted(plain)
    return hidden.casefold()[:_LONGEST].strip()


def forget_searches(*, at: datetime) -> int:
    """Words older than a year are deleted; how many rows."""
    return SearchDay.objects.filter(day__lt=(at - KEPT).date()).delete()[0]


def hash_of(row: Mapping[str, Any]) -> str:
    from hashlib import sha256

    return sha256("\n".join(str(value) for value in row.values()).encode()).hexdigest()[:24]


def spoken(language: str) -> str:
    """A language that pages are read in, by its base; strangers' fancies are all “other”."""
    base = language.replace("_", "-").casefold().split("-")[0]
    return base if base in _LANGUAGES else "other"


def _day(at: datetime) -> date:
    """On the centre's own calendar, as its reports have it."""
    return at.astimezone(timezone.get_default_timezone()).date()


def _has_room(row: Mapping[str, Any]) -> bool:
    same_day = SearchDay.objects.filter(day=row["day"], place=row["place"])
    return same_day.filter(words=row["words"]).exists() or same_day.count() < WORDS_A_DAY


def _add(model: Any, row: Mapping[str, Any], more: Mapping[str, int]) -> None:
    """Adds to the row of this day, which is made if it is the first."""
    steps = {name: F(name) + value for name, value in more.items()}
    if model.objects.filter(**row).update(**steps):
        return
    with transaction.atomic():
        _, is_new = model.objects.get_or_create(**row, defaults=dict(more))
    if not is_new:
        model.objects.filter(**row).update(**steps)
