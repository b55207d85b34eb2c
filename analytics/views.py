"""The manager's door: the page of reports inside the admin, and its live strip."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from analytics.page import sections
from analytics.period import PRESETS, BadPeriod, Period, between, preset
from analytics.reports.live import now
from analytics.reports.readers import readers
from analytics.reports.scope import Scope
from analytics.sections.parts import Links, Section
from analytics.sections.quality import quality_sections
from analytics.sections.readers import readers_sections
from analytics.sections.tables import as_csv
from analytics.sections.topics import topics_section
from analytics.strip import tiles
from inboxes.models import Inbox

SEE_REPORTS = "analytics.see_reports"
SEE_SCORES = "quality.see_scores"
_PRESET_WORDS = {"today": "Today", "7": "7 days", "30": "30 days"}
_DEFAULT = "7"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. `wrong` says what could not be read, if anything."""

    period: Period
    preset: str  # "" for dates of one's own
    first: str
    last: str
    inbox: Inbox | None
    wrong: str = ""


@require_safe
@permission_required(SEE_REPORTS, raise_exception=True)
def reports_page(request: HttpRequest) -> HttpResponse:
    """The reports of the period and inbox in the address; 400 with the default if it is wrong."""
    at = timezone.now()
    asked = _asked(request)
    scope = Scope(asked.period, at, asked.inbox.pk if asked.inbox else None)
    key = asked.inbox.key if asked.inbox else ""
    shown = sections(scope, inbox=key)
    context = {
        **admin.site.each_context(request),
        "title": "Reports",
        "asked": asked,
        "inboxes": Inbox.objects.order_by("name"),
        "presets": [
            {
                "words": words,
                "href": "?" + urlencode({"period": name} | ({"inbox": key} if key else {})),
                "is_now": asked.preset == name,
            }
            for name, words in _PRESET_WORDS.items()
        ],
        "previous": scope.period.previous(),
        "live_address": reverse("analytics:live")
        + (f"?{urlencode({'inbox': key})}" if key else ""),
        "tiles": tiles(now(at=at, inbox_id=scope.inbox_id), at=at, inbox=key),
        "sections": shown,
        "charts": {s.slug: s.chart.plain() for s in shown if s.chart and not s.chart.is_empty},
    }
    return _answer(request, "reports/page.html", context, status=400 if asked.wrong else 200)


@require_safe
@permission_required(SEE_REPORTS, raise_exception=True)
def knowledge_page(request: HttpRequest) -> HttpResponse:
    """What readers of the help centre did in the period and language of the address."""
    at = timezone.now()
    asked = _asked(request)
    language = _text(request, "language").casefold()
    scope = Scope(asked.period, at)
    found = readers(scope, language=language)
    shown = readers_sections(
        found,
        readers(scope.previous(), language=language),
        may_write=request.user.has_perm("bots.add_article"),
    )
    kept = {"language": language} if language else {}
    context = {
        **admin.site.each_context(request),
        "title": "Readers",
        "asked": asked,
        "language": language,
        "languages": [one.language for one in found.languages if one.language],
        "presets": [
            {
                "words": words,
                "href": "?" + urlencode({"period": name} | kept),
                "is_now": asked.preset == name,
            }
            for name, words in _PRESET_WORDS.items()
        ],
        "previous": scope.period.previous(),
        "sections": shown,
        "charts": {s.slug: s.chart.plain() for s in shown if s.chart and not s.chart.is_empty},
    }
    return _answer(request, "reports/knowledge.html", context, status=400 if asked.wrong else 200)


@require_safe
@permission_required([SEE_REPORTS, SEE_SCORES], raise_exception=True)
def quality_page(request: HttpRequest) -> HttpResponse:
    """What score cards say, in the period and inbox of the address; `table` names one to be had as CSV."""
    asked = _asked(request)
    key = asked.inbox.key if asked.inbox else ""
    scope = Scope(asked.period, timezone.now(), asked.inbox.pk if asked.inbox else None)
    shown = quality_sections(scope, Links(scope, key))
    if wanted := _text(request, "csv"):
        return as_csv(shown, wanted)
    return _inbox_page(request, "reports/quality.html", "Quality", asked, shown)


@require_safe
@permission_required(SEE_REPORTS, raise_exception=True)
def topics_page(request: HttpRequest) -> HttpResponse:
    """What conversations are about, in the period and inbox of the address."""
    asked = _asked(request)
    key = asked.inbox.key if asked.inbox else ""
    scope = Scope(asked.period, timezone.now(), asked.inbox.pk if asked.inbox else None)
    shown = [topics_section(scope, Links(scope, key))]
    if wanted := _text(request, "csv"):
        return as_csv(shown, wanted)
    return _inbox_page(request, "reports/topics.html", "Topics", asked, shown)


def _inbox_page(
    request: HttpRequest, template: str, title: str, asked: Asked, shown: Sequence[Section]
) -> HttpResponse:
    """Sections below a filter of days and inbox."""
    kept = {"inbox": asked.inbox.key} if asked.inbox else {}
    address = request.GET.copy()
    address.pop("csv", None)
    context = {
        **admin.site.each_context(request),
        "title": title,
        "asked": asked,
        "inboxes": Inbox.objects.order_by("name"),
        "presets": [
            {
                "words": words,
                "href": "?" + urlencode({"period": name} | kept),
                "is_now": asked.preset == name,
            }
            for name, words in _PRESET_WORDS.items()
        ],
        "previous": asked.period.previous(),
        "sections": shown,
        "address": address.urlencode(),
        "charts": {s.slug: s.chart.plain() for s in shown if s.chart and not s.chart.is_empty},
    }
    return _answer(request, template, context, status=400 if asked.wrong else 200)


@require_safe
@permission_required(SEE_REPORTS, raise_exception=True)
def live_strip(request: HttpRequest) -> HttpResponse:
    """The five numbers of this moment, drawn again."""
    at = timezone.now()
    inbox = Inbox.objects.filter(key=_text(request, "inbox")).first()
    found = now(at=at, inbox_id=inbox.pk if inbox else None)
    shown = tiles(found, at=at, inbox=inbox.key if inbox else "")
    return _answer(request, "reports/_live.html", {"tiles": shown})


def overview(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """The admin's front page: the five numbers of this moment, for those who may see reports."""
    if request.user.has_perm(SEE_REPORTS):
        at = timezone.now()
        context["tiles"] = tiles(now(at=at, inbox_id=None), at=at, inbox="")
    return context


def _asked(request: HttpRequest) -> Asked:
    at = timezone.now()
    inbox, wrong = None, ""
    if key := _text(request, "inbox"):
        inbox = Inbox.objects.filter(key=key).first()
        wrong = "" if inbox else "There is no such inbox, so all of them are shown."
    first, last = _text(request, "from"), _text(request, "to")
    name = _text(request, "period")
    if name in PRESETS or not (first or last):
        if name and name not in PRESETS:
            wrong = "There is no such period, so the last 7 days are shown."
        name = name if name in PRESETS else _DEFAULT
        return Asked(preset(name, at=at), name, "", "", inbox, wrong)
    try:
        return Asked(between(first, last, at=at), "", first, last, inbox, wrong)
    except BadPeriod as bad:
        wrong = f"{bad.detail} The last 7 days are shown."
        return Asked(preset(_DEFAULT, at=at), _DEFAULT, first, last, inbox, wrong)


def _text(request: HttpRequest, name: str) -> str:
    return request.GET.get(name, "").strip()[:100]


def _answer(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    request.current_app = admin.site.name
    return TemplateResponse(request, template, context, status=status)
