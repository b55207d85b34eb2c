"""Replays in the admin: what a change would do to past questions, side by side."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from bots.access import may_override, may_publish
from bots.actions import gate
from bots.changes import Piece, changed_words
from bots.models import Article, Replay, ReplayedQuestion, ReplayRule
from bots.reads.replays import is_stale, rule_of_the_house
from conversations.errors import Refused

SHOWN = 60  # questions on a page, the worse ones first
_ALIKE = 0.4  # of the longer text
_REFRESH = "2"  # seconds
_WORDS = {
    "lost": "No longer answered",
    "unsupported": "What helped is no longer said",
}


@admin.register(ReplayRule)
class ReplayRuleAdmin(ModelAdmin):
    """One row: there is nothing to add or delete."""

    fieldsets = (
        (None, {"fields": ("mode",)}),
        ("Which questions are replayed", {"fields": ("weeks", "near_most", "rest_most")}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ReplayRule | None = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Straight to the one row, which is made when somebody looks for the first time."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rule, _ = ReplayRule.objects.get_or_create(pk=1)
        return redirect("admin:bots_replayrule_change", rule.pk)


def urls(page: Any) -> list[URLPattern]:
    """Below an article's page."""
    wrap = page.admin_site.admin_view
    return [
        path(
            "<int:pk>/replays/<uuid:key>/",
            wrap(lambda request, pk, key: _show(page, request, pk, key)),
            name="bots_article_replay",
        ),
        path(
            "<int:pk>/replay/",
            wrap(require_POST(lambda request, pk: _begin(page, request, pk))),
            name="bots_article_replay_begin",
        ),
        path(
            "<int:pk>/replays/<uuid:key>/override/",
            wrap(require_POST(lambda request, pk, key: _override(page, request, pk, key))),
            name="bots_article_replay_override",
        ),
    ]


def address(replay: Replay) -> str:
    return reverse("admin:bots_article_replay", args=[replay.article_id, replay.uuid])


def say(request: HttpRequest, way: gate.Way, version: int) -> None:
    """What became of the wish to publish, in a line above the page."""
    if way.is_live:
        messages.success(request, f"Version {version} is live. The bot finds it in a moment.")
    elif way.is_held_back:
        messages.warning(
            request, "Not live yet: past questions would be answered worse. See which ones."
        )
    else:
        messages.info(
            request,
            "Questions of past weeks are being replayed. It goes live by itself if none gets worse.",
        )


def about(article: Article) -> dict[str, Any]:
    """For the article's own page."""
    replay = article.replays.first()
    rule = rule_of_the_house()
    shown: dict[str, Any] = {
        "rule": rule,
        "begin": reverse("admin:bots_article_replay_begin", args=[article.pk]),
        "can_begin": article.state != Article.State.PUBLISHED or hasattr(article, "draft"),
        "can_archive": article.state == Article.State.PUBLISHED,
    }
    if replay is not None:
        shown |= {"last": replay, "address": address(replay), "is_stale": is_stale(replay)}
    return shown


def _article(page: Any, request: HttpRequest, pk: int) -> Article:
    article: Article | None = page.get_object(request, pk)
    if article is None:
        raise Http404
    if not page.has_change_permission(request, article):
        raise PermissionDenied
    return article


def _begin(page: Any, request: HttpRequest, pk: int) -> HttpResponse:
    article = _article(page, request, pk)
    what = "archive" if request.POST.get("what") == "archive" else "publish"
    try:
        replay = gate.begin(
            article=article.uuid, what=what, by_id=request.user.pk, at=timezone.now()
        )
    except Refused as refused:
        messages.warning(request, refused.detail)
        return redirect("admin:bots_article_change", pk)
    return redirect(address(replay))


def _override(page: Any, request: HttpRequest, pk: int, key: UUID) -> HttpResponse:
    article = _article(page, request, pk)
    if not may_publish(request.user):
        raise PermissionDenied
    try:
        live = gate.override(
            replay=key,
            reason=request.POST.get("reason", ""),
            by_id=request.user.pk,
            may=may_override(request.user),
            at=timezone.now(),
        )
    except Refused as refused:
        messages.error(request, refused.detail)
        return redirect("admin:bots_article_replay", article.pk, key)
    messages.success(request, f"Version {live.version} is live. Your reason is kept.")
    return redirect("admin:bots_article_change", article.pk)


def _show(page: Any, request: HttpRequest, pk: int, key: UUID) -> HttpResponse:
    article: Article | None = page.get_object(request, pk)
    if article is None:
        raise Http404
    if not page.has_view_permission(request, article):
        raise PermissionDenied
    replay = article.replays.filter(uuid=key).select_related("asked_by", "overridden_by").first()
    if replay is None:
        raise Http404
    worse = replay.asked.exclude(worse="").select_related("asked")
    others = replay.asked.filter(worse="").select_related("asked")
    rows = [*worse[:SHOWN], *others[:SHOWN]][:SHOWN]
    holds = replay.what == "publish" and replay.state in {"worse", "failed", "queued", "running"}
    context = {
        **page.admin_site.each_context(request),
        "title": f"Past questions and “{article.title}”",
        "opts": page.opts,
        "original": article,
        "article": article,
        "replay": replay,
        "is_stale": is_stale(replay),
        "rows": [_row(row) for row in rows],
        "differ": replay.asked.count(),
        "shown": len(rows),
        "percent": 100 * replay.done // max(1, replay.total),
        "may_override": holds and may_override(request.user) and may_publish(request.user),
        "override": reverse("admin:bots_article_replay_override", args=[article.pk, key]),
        "begin": reverse("admin:bots_article_replay_begin", args=[article.pk]),
        "can_go": page.has_change_permission(request, article),
    }
    response = render(request, "admin/bots/article/replay.html", context)
    if not replay.is_over:
        response["Refresh"] = _REFRESH
    return response


def _row(row: ReplayedQuestion) -> dict[str, Any]:
    """Both answers, and each with what differs in it marked."""
    texts = [str(side.get("text", "")) for side in (row.before, row.after)]
    pieces = changed_words(*texts)
    same = sum(len(one.text) for one in pieces if one.kind == "same")
    if same < _ALIKE * max(map(len, texts)):  # two different texts: marks would be confetti
        sides = [[Piece("same", text)] for text in texts]
    else:
        sides = [[one for one in pieces if one.kind != gone] for gone in ("added", "removed")]
    return {
        "asked": row.asked,
        "change": row.get_change_display(),
        "worse": _WORDS.get(row.worse, ""),
        "sides": [
            ("Now", row.before, sides[0]),
            ("Then", row.after, sides[1]),
        ],
    }
