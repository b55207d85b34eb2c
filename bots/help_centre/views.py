"""The public help centre: published articles to read and to search, for anybody."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language_from_request, override
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from bots.access import READ
from bots.actions import readers, voting
from bots.help_centre.contents import plain, with_contents
from bots.help_centre.locales import language_named
from bots.help_centre.shelves import (
    in_language,
    published_for,
    related,
    shelf_of,
    shelves,
    translations,
)
from bots.help_centre.words import NAMES, tongue, words_for
from bots.knowledge.reading import html_of
from bots.knowledge.text import language_of, same_language
from bots.models import Article, Place, Reader
from bots.reads.found import found_articles
from bots.sources.rows import LANGUAGE
from conversations.errors import RateLimited, Refused
from conversations.limits import Limit
from inboxes.models import Inbox

PER_PAGE = 60
SHOWN_OF_A_SHELF = 6
VOTES = Limit(rate=0.2, burst=10)  # by address: an office shares one
SEARCHES = Limit(rate=4, burst=40)  # by address; typing asks a few times a second
_SITEMAP_MOST = 45_000
_FEED = 30


def front(otherwise: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """The root of a host that is a help centre's own leads there."""

    def root(request: HttpRequest) -> HttpResponse:
        return redirect("help:home") if inbox_of_host(request) else otherwise(request)

    return root


@require_safe
def help_centre(request: HttpRequest) -> HttpResponse:
    """The shelves, one of them (`?category=`), or what answers `?q=`."""
    language, reader = _language(request), _reader(request)
    if asked := asked_words(request.GET.get("q", "")):
        return _results(request, asked, language, reader)
    found = shelves(language, reader, _inbox_id(request))
    wanted = request.GET.get("category")
    if wanted is None:
        few = [(one, one.entries[:SHOWN_OF_A_SHELF]) for one in found]
        return _page(request, "home", {"shelves": few, "language": language})
    shelf = next((one for one in found if one.key == wanted), None)
    if shelf is None:
        raise Http404
    page = Paginator(shelf.entries, PER_PAGE).get_page(request.GET.get("page"))
    return _page(request, "shelf", {"shelf": shelf, "page": page, "language": language})


def _results(request: HttpRequest, asked: str, language: str, reader: Reader) -> HttpResponse:
    context: dict[str, Any] = {"asked": asked, "language": language}
    try:
        SEARCHES.check(_address(request))
    except RateLimited as refusal:
        answer = _page(request, "results", {**context, "is_refused": True})
        answer.status_code = 429
        answer["Retry-After"] = str(max(1, round(refusal.retry_after or 1)))
        return answer
    spoken = language_of(asked, otherwise=language[:2])
    found = found_articles(asked, language=spoken, reader=reader, inbox_id=_inbox_id(request))
    if reader is Reader.ANYBODY and not readers.is_machine(request):
        readers.count_search(
            asked,
            found=len(found),
            visitor=_voter(request),
            place=Place.HELP,
            language=language,
            at=timezone.now(),
        )
    return _page(request, "results", {**context, "found": found})


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
    language = wanted or article.language
    voter = _voter(request)
    _count(request, article, language, voter)
    html, contents = with_contents(html_of(article.body))
    context = {
        "article": article,
        "html": html,
        "contents": contents,
        "summary": plain(html, most=160),
        "shelf": shelf_of(article, language),
        "related": related(article, reader, _inbox_id(request)),
        "language": language,
        "family": family,
        "others": [one for one in family if one.pk != article.pk],
        "no_translation": _no_translation(article, wanted),
        "said": voting.vote_of(article_id=article.pk, number=article.version, voter=voter),
        "proof": voting.proof(voter),
    }
    return _page(request, "article", context)


def _no_translation(article: Article, wanted: str) -> str:
    if not wanted or same_language(article.language, wanted):
        return ""
    return words_for(wanted)["no_translation"].format(
        wanted=language_named(wanted), shown=language_named(article.language)
    )


def _count(request: HttpRequest, article: Article, language: str, visitor: str) -> None:
    if readers.is_machine(request) or _reader(request) is Reader.AGENT:
        return
    readers.count_view(
        article, visitor=visitor, place=Place.HELP, language=language, at=timezone.now()
    )
    if "found" in request.GET:
        readers.count_opened(visitor=visitor)


@csrf_exempt  # no cookie is set for it: the form carries a signed word for this visitor
@require_POST
def help_vote(request: HttpRequest, key: UUID) -> HttpResponse:
    """Did it help? Goes back to the article, which says what was said."""
    number, said = request.POST.get("version", ""), request.POST.get("helpful", "")
    if not number.isdecimal() or said not in {"yes", "no"}:
        raise Http404
    voter = _voter(request)
    language = _language(request)
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
        context = {"title": refusal.detail, "article_key": key, "language": language}
        answer = _page(request, "refused", context)
        answer.status_code = 429 if refusal.retry_after else refusal.http_status
        return answer
    back = redirect("help:article", key)
    back["Location"] += f"?lang={language}#helped" if "lang" in request.GET else "#helped"
    back.status_code = 303
    return back


# --- for machines -------------------------------------------------------------------------


@cache_control(max_age=3600)
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """What everybody may read, for search engines."""
    articles = Article.objects.readable_by(Reader.ANYBODY).for_inbox(_inbox_id(request))
    rows = articles.order_by("pk").values_list("uuid", "updated_at")[:_SITEMAP_MOST]
    context = {"rows": rows, "site": _site(request)}
    return render(request, "help/sitemap.xml", context, content_type="application/xml")


@cache_control(max_age=600)
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The newest articles, as Atom."""
    language = _language(request)
    words = words_for(language)
    made = Atom1Feed(
        title=words["help"],
        link=f"{_site(request)}/help/",
        description=words["feed"],
        language=tongue(language),
    )
    articles = Article.objects.readable_by(Reader.ANYBODY).for_inbox(_inbox_id(request))
    for one in articles.order_by("-updated_at")[:_FEED]:
        made.add_item(
            title=one.title,
            link=f"{_site(request)}{one.get_absolute_url()}",
            description=plain(html_of(one.body[:4_000]), most=300),
            unique_id=f"urn:uuid:{one.uuid}",
            updateddate=one.updated_at,
            pubdate=one.created_at,
        )
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml")


# --- a host of its own ---


def inbox_of_host(request: HttpRequest) -> Inbox | None:
    """The inbox whose help centre has this name; None at the house's own."""
    host = request.get_host().partition(":")[0].casefold()
    return Inbox.objects.filter(help_host=host, is_active=True).exclude(help_host="").first()


def _inbox_id(request: HttpRequest) -> int | None:
    own = inbox_of_host(request)
    return own.pk if own else None


def _site(request: HttpRequest) -> str:
    """The address that search engines are told."""
    own = inbox_of_host(request)
    return f"{request.scheme}://{request.get_host()}" if own else str(settings.SITE_URL)


# --- who asks, and how --------------------------------------------------------------------


def asked_words(said: str) -> str:
    return " ".join(said.replace("\0", "").split())[:300]


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
    """With the chat of its own host's inbox, else of the first, so that nobody is left alone with a
    search."""
    own = inbox_of_host(request)
    chat = own or Inbox.objects.filter(kind=Inbox.Kind.WEB, is_active=True).order_by("pk").first()
    spoken = tongue(context["language"])
    shared = {
        "chat": chat,
        "reads": context["language"],
        "words": words_for(spoken),
        "switches": [(code, said) for code, said in NAMES.items() if code != spoken],
        "site": _site(request),
        "house": own.name if own else "",
        "category": request.GET.get("category", "")[:100],
    }
    # The page's own words; an article says in which language it is.
    with override({"zh": "zh-hans"}.get(spoken, spoken)):
        return render(request, f"help/{name}.html", {**shared, **context, "language": spoken})
