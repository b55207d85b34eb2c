"""Scores beside their transcripts: agents see their own, managers all and score some blindly."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents.access import ANSWER
from agents.keyset import Key, page
from agents.models import Agent
from analytics.quality.actions.appeals import appeal, decide
from analytics.quality.actions.review import note_look, review
from analytics.quality.models import Answer, Appeal, Score
from analytics.quality.pages.forms import asked_sections, choice_of, read_answers
from analytics.quality.reads.scores import (
    SCORE,
    SEE,
    counts_for,
    filled_card,
    may_look,
    open_appeals,
    scores_of,
    to_score,
    transcript_of,
)
from conversations.errors import NotAllowed, Refused, WrongFields

_LATEST = (
    Key("ended_at", "ended_at", datetime, descending=True),
    Key("pk", "pk", int, descending=True),
)
_EACH = 50


def _agent(request: HttpRequest) -> Agent:
    agent = cast("Agent", request.user)
    if not (agent.has_perm(ANSWER) or agent.has_perm(SEE)):
        raise PermissionDenied
    return agent


def _manager(request: HttpRequest) -> Agent:
    agent = _agent(request)
    if not agent.has_perm(SCORE):
        raise PermissionDenied
    return agent


def _score(agent: Agent, key: UUID) -> Score:
    """Absent and forbidden look alike."""
    found = scores_of(agent).filter(uuid=key).first()
    if found is None:
        raise Http404
    return found


def _shown(request: HttpRequest, name: str, agent: Agent, **more: Any) -> HttpResponse:
    context = {
        "place": name,
        "may_score": agent.has_perm(SCORE),
        "sees_all": agent.has_perm(SEE),
        "waiting": counts_for(agent),
        **more,
    }
    return render(request, f"quality/{name}.html", context, status=more.get("status", 200))


@never_cache
@login_required
@require_safe
def scores_page(request: HttpRequest) -> HttpResponse:
    agent = _agent(request)
    rows = scores_of(agent)
    whose = request.GET.get("whose", "")
    if whose == "bot":
        rows = rows.filter(subject="bot")
    elif whose:
        rows = rows.filter(agent__username=whose[:150])
    if request.GET.get("only") == "low":
        rows = rows.filter(total__lt=60)
    found = page(rows, _LATEST, cursor=request.GET.get("cursor", "")[:400], limit=_EACH)
    known = Agent.objects.filter(scores__isnull=False).distinct().order_by("first_name", "username")
    return _shown(
        request, "scores", agent,
        scores=found.rows,
        next=found.next,
        whose=whose,
        low=request.GET.get("only") == "low",
        agents=known if agent.has_perm(SEE) else (),
    )  # fmt: skip


@never_cache
@login_required
@require_safe
def tasks_page(request: HttpRequest) -> HttpResponse:
    """What chance has drawn for people, and this one has not scored."""
    agent = _manager(request)
    return _shown(request, "tasks", agent, tasks=to_score(agent)[:_EACH])


@never_cache
@login_required
@require_safe
def appeals_page(request: HttpRequest) -> HttpResponse:
    agent = _manager(request)
    rows = [(one, choice_of(one.answer.question)) for one in open_appeals(agent)[:_EACH]]
    decided = (
        Appeal.objects.exclude(state="open")
        .filter(answer__score__in=scores_of(agent))
        .select_related("agent", "answer__question", "answer__score", "decided_by")
        .order_by("-decided_at")[:20]
    )
    return _shown(request, "appeals", agent, appeals=rows, decided=decided)


@never_cache
@login_required
@require_safe
def score_page(request: HttpRequest, key: UUID) -> HttpResponse:
    """The filled card. Who is asked to score it blindly is asked that first."""
    agent = _agent(request)
    score = _score(agent, key)
    if not may_look(score, agent) and request.GET.get("look") != "1":
        return redirect("quality:review", key=key)
    note_look(score=score, agent=agent, at=timezone.now())
    answers = list(score.answers.select_related("question"))
    mine = score.agent_id == agent.pk
    return _shown(
        request, "score", agent,
        score=score,
        card=filled_card(score, with_people=agent.has_perm(SEE) and not mine),
        transcript=transcript_of(score, answers),
        may_appeal=mine,
        may_review=agent.has_perm(SCORE) and not mine and not _reviewed(score, agent),
    )  # fmt: skip


def _reviewed(score: Score, agent: Agent) -> bool:
    return Score.objects.filter(
        conversation=score.conversation_id,
        subject=score.subject,
        agent=score.agent_id,
        reviewer=agent,
    ).exists()


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review_page(request: HttpRequest, key: UUID) -> HttpResponse:
    """The empty card beside the transcript: nothing of what the machine answered is in this page."""
    agent = _manager(request)
    score = _score(agent, key)
    if score.agent_id == agent.pk:
        raise PermissionDenied
    wrong: dict[str, list[str]] = {}
    if request.method == "POST":
        try:
            said = read_answers(request.POST, score.version_id)
            review(score=score, reviewer=agent, said=said, at=timezone.now())
        except WrongFields as refusal:
            wrong = {code: [str(one) for one in told] for code, told in refusal.fields.items()}
        except Refused as refusal:
            messages.warning(request, str(refusal))
            return redirect("quality:score", key=key)
        else:
            messages.success(request, "Scored. Here is what the machine and others answered.")
            return redirect("quality:score", key=key)
    return _shown(
        request, "review", agent,
        score=score,
        sections=asked_sections(score.version_id, request.POST, wrong),
        transcript=transcript_of(score),
        wrong=wrong,
        status=400 if wrong else 200,
    )  # fmt: skip


@login_required
@require_POST
def make_appeal(request: HttpRequest, key: UUID, code: str) -> HttpResponse:
    agent = _agent(request)
    score = _score(agent, key)
    answer = Answer.objects.select_related("score").filter(score=score, question__code=code).first()
    if answer is None:
        raise Http404
    try:
        appeal(answer=answer, agent=agent, reason=_text(request, "reason"), at=timezone.now())
        messages.success(request, "A manager will look at it.")
    except NotAllowed as refusal:
        raise PermissionDenied from refusal
    except Refused as refusal:
        messages.warning(request, _why(refusal))
    return redirect("quality:score", key=key)


@login_required
@require_POST
def decide_appeal(request: HttpRequest, key: UUID) -> HttpResponse:
    agent = _manager(request)
    found = Appeal.objects.filter(uuid=key, answer__score__in=scores_of(agent)).first()
    if found is None:
        raise Http404
    given = _text(request, "value")
    try:
        decide(
            appeal=found,
            by=agent,
            accept=_text(request, "decision") == "accept",
            value=int(given) if given.isdigit() and len(given) < 3 else None,
            words=_text(request, "words"),
            at=timezone.now(),
        )
        messages.success(request, "Decided. The agent sees it beside the answer.")
    except NotAllowed as refusal:
        raise PermissionDenied from refusal
    except Refused as refusal:
        messages.warning(request, _why(refusal))
    return redirect("quality:appeals")


def _text(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\x00", "")[:2_000]


def _why(refusal: Refused) -> str:
    told = getattr(refusal, "fields", None) or {}
    return " ".join(str(one) for words in told.values() for one in words) or str(refusal)
