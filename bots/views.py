"""The public help centre: published articles to read and to search, for anybody."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language_from_request
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from bots.access import READ
from bots.actions import voting
from bots.imports import LANGUAGE
from bots.knowledge.reading import html_of
from bots.knowledge.text import language_of, same_language
from bots.locales import best
from bots.models import Article, Reader
from bots.queries import found_articles
from conversations.errors import Refused
from conversations.limits import Limit
from inboxes.models import Inbox

PER_PAGE = 60
VOTES = Limit(rate=0.2, burst=10)  # by address: an office shares one
_MOST_LISTED = 4_000


@dataclass(frozen=True)
class Listed:
    """`is_other`: there is none in the reader's language, so this one stands in for it."""

    article: Article
    is_other: bool


@require_safe
def help_centre(request: HttpRequest) -> HttpResponse:
    """All articles by category, or those that answer `?q=`."""
    asked = " ".join(request.GET.get("q", "").replace("\0", "").split())[:300]
    language, reader = _language(request), _reader(request)
    if asked:
        spoken = language_of(asked, otherwise=language[:2])
        found = found_articles(asked, language=spoken, reader=reader)
        return _page(request, "home", {"asked": asked, "found": found})
    page = Paginator(listed(language, reader), PER_PAGE).get_page(request.GET.get("page"))
    return _page(request, "home", {"asked": "", "page": page, "language": language})


@never_cache
@require_safe
def help_article(request: HttpRequest, key: UUID) -> HttpResponse:
    """In the language of `?lang=` if there is one; else as it is, and saying so."""
    reader = _reader(request)
    asked = published_for(reader, key)
    if asked is None:
        raise Http404
    family = translations(asked, reader)
    wanted = request.GET.get("lang", "")
    wanted = wanted if LANGUAGE.match(wanted) else ""
    article = (wanted and in_language(family, wanted)) or asked
    voter = _voter(request)
    context = {
        "article": article,
        "html": html_of(article.body),
        "language": article.language,
        "others": [one for one in family if one.pk != article.pk],
        "missing": wanted if wanted and not same_language(article.language, wanted) else "",
        "said": voting.vote_of(article_id=article.pk, number=article.version, voter=voter),
        "proof": voting.proof(voter),
    }
    return _page(request, "article", context)


@csrf_exempt  # no cookie is set for it: the form carries a signed word for this visitor
@require_POST
def help_vote(request: HttpRequest, key: UUID) -> HttpResponse:
    """Did it help? Goes back to the article, which says what was said."""
    number, said = request.POST.get("version", ""), request.POST.get("helpful", "")
    if not number.isdecimal() or said not in {"yes", "no"}:
        raise Http404
    voter = _voter(request)
    try:
        VOTES.check(_address(request))
        voting.check_proof(request.POST.get("proof", ""), voter=voter)
        voting.vote(
            article=key,
            number=int(number[:9]),
            reader=_reader(request),
            voter=voter,
            helpful=said == "yes",
            at=timezone.now(),
        )
    except Refused as refusal:
        context = {"title": refusal.detail, "article_key": key}
        answer = _page(request, "refused", context)
        answer.status_code = 429 if refusal.retry_after else refusal.http_status
        return answer
    back = redirect("help:article", key)
    back["Location"] += "#helped"
    back.status_code = 303
    return back


def listed(language: str, reader: Reader) -> list[Listed]:
    """Each article once, by category: those in this language, then what stands in for the others."""
    families: dict[UUID, list[Article]] = {}
    known = (
        Article.objects.readable_by(reader)
        .for_inbox(None)
        .only("uuid", "title", "category", "language", "family", "visibility")
        .order_by("category", "title")
    )
    for article in known[:_MOST_LISTED]:
        families.setdefault(article.family, []).append(article)
    found = [one for family in families.values() if (one := in_language(family, language))]
    shown = [Listed(one, not same_language(one.language, language)) for one in found]
    return sorted(shown, key=lambda one: (one.is_other, one.article.category, one.article.title))


def in_language(family: list[Article], wanted: str) -> Article | None:
    """Of translations of one another the one for this reader."""
    available = [one.language for one in family]
    place = best(available, wanted=wanted, default=settings.LANGUAGE_CODE)
    return None if place is None else family[place]


def translations(article: Article, reader: Reader) -> list[Article]:
    """All that this reader may read, the article itself among them."""
    found = Article.objects.readable_by(reader).filter(family=article.family)
    return list(found.order_by("language"))


def published_for(reader: Reader, key: UUID) -> Article | None:
    """A published article; what this reader may not read does not exist for them."""
    return Article.objects.readable_by(reader).filter(uuid=key).first()


def _reader(request: HttpRequest) -> Reader:
    """Agents who are signed in read everything that is live."""
    user = request.user
    return Reader.AGENT if user.is_active and user.has_perm(READ) else Reader.ANYBODY


def _language(request: HttpRequest) -> str:
    language = request.GET.get("lang", "")
    return language if LANGUAGE.match(language) else get_language_from_request(request)


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def _voter(request: HttpRequest) -> str:
    return voting.voter_by_address(_address(request), request.headers.get("User-Agent", ""))


def _page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    """With the chat of the first web inbox, so that nobody is left alone with a search."""
    chat = Inbox.objects.filter(kind=Inbox.Kind.WEB, is_active=True).order_by("pk").first()
    return render(request, f"help/{name}.html", {**context, "chat": chat})
