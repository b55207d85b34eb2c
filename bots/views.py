"""The public help centre: published articles to read and to search, for anybody."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language_from_request
from django.views.decorators.http import require_safe

from bots.imports import LANGUAGE
from bots.knowledge.reading import html_of
from bots.knowledge.text import language_of, same_language
from bots.models import Article
from bots.queries import found_articles
from inboxes.models import Inbox

PER_PAGE = 60


@require_safe
def help_centre(request: HttpRequest) -> HttpResponse:
    """All articles by category, or those that answer `?q=`."""
    asked = " ".join(request.GET.get("q", "").replace("\0", "").split())[:300]
    language = request.GET.get("lang", "")
    if not LANGUAGE.match(language):
        language = get_language_from_request(request)
    if asked:
        found = found_articles(asked, language=language_of(asked, otherwise=language[:2]))
        return _page(request, "home", {"asked": asked, "found": found})
    articles = [
        article
        for article in Article.objects.published()
        .for_inbox(None)
        .order_by("category", "title")
        .only("uuid", "title", "category", "language")[:2_000]
        if same_language(article.language, language)
    ]
    page = Paginator(articles, PER_PAGE).get_page(request.GET.get("page"))
    return _page(request, "home", {"asked": "", "page": page, "language": language})


@require_safe
def help_article(request: HttpRequest, key: UUID) -> HttpResponse:
    article = public_article(key)
    if article is None:
        raise Http404
    return _page(
        request,
        "article",
        {"article": article, "html": html_of(article.body), "language": article.language},
    )


def _page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    """With the chat of the first web inbox, so that nobody is left alone with a search."""
    chat = Inbox.objects.filter(kind=Inbox.Kind.WEB, is_active=True).order_by("pk").first()
    return render(request, f"help/{name}.html", {**context, "chat": chat})


def public_article(key: UUID) -> Article | None:
    """A published article; drafts and archived ones do not exist for strangers."""
    return Article.objects.published().filter(uuid=key).first()
