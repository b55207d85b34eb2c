"""The pages of one article: its changes, its versions, and what is done with them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from bots.access import may_publish
from bots.actions import gate
from bots.actions.editing import discard_draft, restore_version, write_draft
from bots.admin import replays
from bots.changes import Stretch, changed_lines, changed_words
from bots.help_centre.helpfulness import share_helpful, versions_with_votes
from bots.models import Article, Draft, Version, Words
from bots.models.article import QUESTIONS_LIMIT
from bots.reads.wordings import proposed_questions
from bots.standing import standing

Do = Callable[[HttpRequest, Article], HttpResponse]


def urls(page: Any) -> list[URLPattern]:
    """Of an article's own verbs; each is a form that is posted."""
    names = {
        "publish": _publish,
        "discard": _discard,
        "restore": _restore,
        "examples": _add_examples,
    }
    return [
        path(
            f"<int:pk>/{name}/",
            page.admin_site.admin_view(_posted(page, do)),
            name=f"bots_article_{name}_one",
        )
        for name, do in names.items()
    ]


def _posted(page: Any, do: Do) -> Callable[..., HttpResponse]:
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        article = page.get_object(request, pk)
        if article is None:
            raise Http404
        if not page.has_change_permission(request, article):
            raise PermissionDenied
        return do(request, article)

    return require_POST(view)


def _publish(request: HttpRequest, article: Article) -> HttpResponse:
    _ask_to_publish(request)
    way = gate.publish(
        article=article.uuid, by_id=_who(request), at=timezone.now(), patience=gate.PATIENCE
    )
    article.refresh_from_db()
    replays.say(request, way, f"{replays.now_live(article)} {replays.FOUND_SOON}")
    if not way.is_live and way.replay is not None:
        return redirect(replays.address(way.replay))
    return _back(article)


def _discard(request: HttpRequest, article: Article) -> HttpResponse:
    _ask_to_publish(request)
    if discard_draft(article=article.uuid):
        messages.success(request, f"Discarded. Version {article.version} stays live.")
    return _back(article)


def _restore(request: HttpRequest, article: Article) -> HttpResponse:
    number = request.POST.get("number", "")
    if not number.isdecimal() or not article.versions.filter(number=int(number[:9])).exists():
        raise Http404
    restore_version(
        article=article.uuid,
        number=int(number),
        by_id=_who(request),
        at=timezone.now(),
        may_publish=may_publish(request.user),
    )
    messages.success(request, f"The words of version {number} are back. Publish them when ready.")
    return _back(article)


def _add_examples(request: HttpRequest, article: Article) -> HttpResponse:
    """Wordings of customers join the example questions, in the draft like every other new word."""
    draft = Draft.objects.filter(article=article).first()
    words = Words.of(draft or article)
    offered = set(examples_for(article, words))
    chosen = [one for one in request.POST.getlist("question") if one in offered]
    if chosen:
        write_draft(
            article=article.uuid,
            words=replace(words, questions=(*words.questions, *chosen)[:QUESTIONS_LIMIT]),
            reason=draft.reason if draft else "As customers ask",
            by_id=_who(request),
            at=timezone.now(),
            may_publish=may_publish(request.user),
        )
        messages.success(
            request, f"Example questions added: {len(chosen)}. Publish them when ready."
        )
    return _back(article)


def _ask_to_publish(request: HttpRequest) -> None:
    if not may_publish(request.user):
        raise PermissionDenied


def _who(request: HttpRequest) -> int | None:
    return request.user.pk


def _back(article: Article) -> HttpResponse:
    return redirect("admin:bots_article_change", article.pk)


# --- what is shown ------------------------------------------------------------------------


def about(article: Article) -> dict[str, Any]:
    """How the article stands, and what its draft would change."""
    draft = Draft.objects.filter(article=article).select_related("updated_by").first()
    shown: dict[str, Any] = {
        "standing": standing(
            state=article.state,
            version=article.version,
            has_draft=draft is not None,
            publish_at=article.publish_at,
            expires_at=article.expires_at,
        ),
        "version": article.version,
        "draft": draft,
        "links": {
            name: reverse(f"admin:bots_article_{name}_one", args=[article.pk])
            for name in ("publish", "discard", "examples")
        },
        "examples": examples_for(article, Words.of(draft or article)),
    }
    if draft is not None:
        shown["changes"] = changes(article, draft)
        shown["is_behind"] = draft.base != article.version
    return shown


def examples_for(article: Article, words: Words) -> list[str]:
    """How customers ask for it, but for what somebody has written down already."""
    return [one for one in proposed_questions(article) if one not in words.questions]


def changes(before: Article | Version, after: Draft | Version) -> list[tuple[str, list[Stretch]]]:
    """Each part that is different, under its name."""
    parts = [("Title", [Stretch(changed_words(before.title, after.title))])]
    parts.append(("Text", list(changed_lines(_ended(before.body), _ended(after.body)))))
    asked = ("\n".join([*one.questions, ""]) for one in (before, after))
    parts.append(("Example questions", list(changed_lines(*asked))))
    return [(name, found) for name, found in parts if any(map(_differs, found))]


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"


def _differs(stretch: Stretch) -> bool:
    return any(piece.kind != "same" for piece in stretch.pieces)


def versions(page: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """All of them, and what changed between the two that `?from=` and `?to=` name."""
    article = page.get_object(request, object_id)
    if article is None:
        raise Http404
    if not page.has_view_permission(request, article):
        raise PermissionDenied
    known: list[Any] = list(versions_with_votes(article))
    to = _chosen(request, "to", known, 0)
    since = _chosen(request, "from", known, 1)
    context = {
        **page.admin_site.each_context(request),
        "title": f"Versions of “{article.title}”",
        "opts": page.opts,
        "original": article,
        "article": article,
        "rows": [(one, share_helpful(one.votes_for, one.votes_given)) for one in known],
        "to": to,
        "since": since,
        "changes": changes(since, to) if since and to else [],
        "may_change": page.has_change_permission(request, article),
        "restore": reverse("admin:bots_article_restore_one", args=[article.pk]),
    }
    return render(request, "admin/bots/article/versions.html", context)


def _chosen(request: HttpRequest, name: str, known: list[Any], otherwise: int) -> Any:
    wanted = request.GET.get(name, "")
    for one in known:
        if str(one.number) == wanted:
            return one
    return known[otherwise] if otherwise < len(known) else None
