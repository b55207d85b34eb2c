"""Replays in the admin: what a change would do to past questions, side by side."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from bots.access import may_override, may_publish
from bots.actions import behaving, gate
from bots.changes import Piece, Stretch, changed_lines, changed_words
from bots.models import Article, BotProfile, Replay, ReplayedQuestion
from bots.reads.replays import is_stale, rule_of_the_house
from conversations.errors import Refused

SHOWN = 60  # questions on a page, the worse ones first
_ALIKE = 0.4  # of the longer text
_REFRESH = "2"  # seconds
FOUND_SOON = "The bot finds it in a moment."
_WORDS = {
    "lost": "No longer answered",
    "unsupported": "What helped is no longer said",
}


def urls(page: Any) -> list[URLPattern]:
    """Below the page of an article, or of a bot."""
    wrap = page.admin_site.admin_view
    kind = page.opts.model_name
    return [
        path(
            "<int:pk>/replays/<uuid:key>/",
            wrap(lambda request, pk, key: _show(page, request, pk, key)),
            name=f"bots_{kind}_replay",
        ),
        path(
            "<int:pk>/replay/",
            wrap(require_POST(lambda request, pk: _begin(page, request, pk))),
            name=f"bots_{kind}_replay_begin",
        ),
        path(
            "<int:pk>/replays/<uuid:key>/override/",
            wrap(require_POST(lambda request, pk, key: _override(page, request, pk, key))),
            name=f"bots_{kind}_replay_override",
        ),
    ]


def _kind(replay: Replay) -> str:
    return "article" if replay.article_id is not None else "botprofile"


def address(replay: Replay) -> str:
    pk = replay.article_id if replay.article_id is not None else replay.profile_id
    return reverse(f"admin:bots_{_kind(replay)}_replay", args=[pk, replay.uuid])


def after_waiting(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Called after the transaction of a form: waits a little for `request.waits_for`, the replay that
    the change waits for, says in a line what became of it, and leads to it unless it is done."""
    replay: Replay | None = getattr(request, "waits_for", None)
    if replay is None:
        return answer
    way = gate.waited(replay, gate.PATIENCE)
    subject = _fresh(replay)
    if subject is not None:
        say(request, way, now_live(subject))
    if way.is_live or way.replay is None or {"_continue", "_addanother"} & set(request.POST):
        return answer
    return redirect(address(way.replay))


def _fresh(replay: Replay) -> Article | BotProfile | None:
    if replay.article_id is not None:
        return Article.objects.filter(pk=replay.article_id).first()
    return BotProfile.objects.filter(replays=replay).first()


def say(request: HttpRequest, way: gate.Way, what: str) -> None:
    """What became of the wish to publish, in a line above the page."""
    if way.is_live:
        messages.success(request, what)
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


def _subject(page: Any, request: HttpRequest, pk: int) -> Any:
    """The article or the bot, for who may change it."""
    subject = page.get_object(request, str(pk))
    if subject is None:
        raise Http404
    if not page.has_change_permission(request, subject):
        raise PermissionDenied
    return subject


def _begin(page: Any, request: HttpRequest, pk: int) -> HttpResponse:
    subject = _subject(page, request, pk)
    by_id, at = request.user.pk, timezone.now()
    back = redirect(f"admin:bots_{page.opts.model_name}_change", pk)
    if isinstance(subject, BotProfile):
        waiting = behaving.waiting_for(subject)
        if waiting is None:
            messages.warning(request, "No change of this bot waits.")
        elif request.POST.get("what") == "discard":
            behaving.discard(subject)
            messages.success(request, "Discarded. The bot stays as it is.")
        else:
            return redirect(address(behaving.again(waiting, goes_live=True, by_id=by_id, at=at)))
        return back
    what = "archive" if request.POST.get("what") == "archive" else "publish"
    try:
        replay = gate.begin(article=subject.uuid, what=what, by_id=by_id, at=at)
    except Refused as refused:
        messages.warning(request, refused.detail)
        return back
    return redirect(address(replay))


def _override(page: Any, request: HttpRequest, pk: int, key: UUID) -> HttpResponse:
    subject = _subject(page, request, pk)
    if not _may_make(request, subject):
        raise PermissionDenied
    found = get_object_or_404(subject.replays, uuid=key)
    try:
        gate.override(
            replay=key,
            reason=request.POST.get("reason", ""),
            by_id=request.user.pk,
            may=may_override(request.user),
            at=timezone.now(),
        )
    except Refused as refused:
        messages.error(request, refused.detail)
        return redirect(address(found))
    subject.refresh_from_db()
    messages.success(request, f"{now_live(subject)} Your reason is kept.")
    return redirect(f"admin:bots_{page.opts.model_name}_change", pk)


def now_live(subject: Article | BotProfile) -> str:
    if isinstance(subject, Article):
        return f"Version {subject.version} is live."
    return "The bot does so from the next message on."


def _may_make(request: HttpRequest, subject: Article | BotProfile) -> bool:
    """Publishing takes a right of its own; changing a bot is what its page's readers may do."""
    return isinstance(subject, BotProfile) or may_publish(request.user)


def _show(page: Any, request: HttpRequest, pk: int, key: UUID) -> HttpResponse:
    subject: Article | BotProfile | None = page.get_object(request, str(pk))
    if subject is None:
        raise Http404
    if not page.has_view_permission(request, subject):
        raise PermissionDenied
    replay = subject.replays.filter(uuid=key).select_related("asked_by", "overridden_by").first()
    if replay is None:
        raise Http404
    worse = replay.asked.exclude(worse="").select_related("asked")
    others = replay.asked.filter(worse="").select_related("asked")
    rows = [*worse[:SHOWN], *others[:SHOWN]][:SHOWN]
    kind = page.opts.model_name
    is_bot = isinstance(subject, BotProfile)
    holds = replay.what == "publish" and replay.state in {"worse", "failed", "queued", "running"}
    waits = holds and (replay.goes_live or not is_bot)
    may_change = page.has_change_permission(request, subject)
    context = {
        **page.admin_site.each_context(request),
        "title": f"Past questions and “{subject}”",
        "opts": page.opts,
        "original": subject,
        "back": reverse(f"admin:bots_{kind}_change", args=[pk]),
        "is_bot": is_bot,
        "was_live": is_bot or getattr(subject, "state", "") == Article.State.PUBLISHED,
        "replay": replay,
        "changes": behaviour_changes(replay) if is_bot else [],
        "is_stale": is_stale(replay),
        "rows": [_row(row) for row in rows],
        "differ": replay.asked.count(),
        "shown": len(rows),
        "percent": 100 * replay.done // max(1, replay.total),
        "may_override": waits
        and may_change
        and may_override(request.user)
        and _may_make(request, subject),
        "override": reverse(f"admin:bots_{kind}_replay_override", args=[pk, key]),
        "begin": reverse(f"admin:bots_{kind}_replay_begin", args=[pk]),
        "can_go": may_change and (waits or not is_bot),
        "can_discard": may_change and waits and is_bot,
    }
    response = render(request, "admin/bots/article/replay.html", context)
    if not replay.is_over:
        response["Refresh"] = _REFRESH
    return response


def behaviour_changes(replay: Replay) -> list[tuple[str, list[Stretch]]]:
    """What a bot shall do otherwise, each part that differs under its name."""
    found = []
    for name, label in _PARTS.items():
        was, becomes = (_lines(replay.words[side][name]) for side in ("before", "after"))
        if was != becomes:
            found.append((label, list(changed_lines(was, becomes))))
    return found


_PARTS = {
    "mode": "How it speaks",
    "caution": "Caution",
    "longest": "Longest answer",
    "never": "Never says",
    "languages": "Languages",
    "keywords": "Keywords",
    "guidelines": "Guidelines",
    "fixed_answers": "Fixed answers",
}


def _lines(value: Any) -> str:
    """A setting as lines of text; modes in their words."""
    if not isinstance(value, list):
        modes = {str(key): str(label) for key, label in BotProfile.Mode.choices}
        return f"{modes.get(str(value), value)}\n"
    return "".join(f"{_line(one)}\n" for one in value)


def _line(one: Any) -> str:
    if not isinstance(one, dict):
        return str(one)
    if "text" in one:
        only = f" ({one['language']})" if one["language"] else ""
        return f"{', '.join(one['words'])}{only}: {one['text']}"
    if "queue" in one:
        who = "a person" if one["then"] == "person" else "the bot"
        return f"{one['words']}: {who}"
    when = f"If {one['when']}: " if one["when"] else ""
    rest = [f"{one['priority']}"] if one["priority"] else []
    rest += [f"leaves out {name}" for name in one["excludes"]]
    rest += [f"never “{word}”" for word in one["never"]]
    return f"{one['name']}: {when}{one['then']}" + (f" ({', '.join(rest)})" if rest else "")


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
