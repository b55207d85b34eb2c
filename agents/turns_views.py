"""The page that says why the bot said it, for the people who may see it."""

from typing import cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agents.access import conversation_for
from agents.api.turns import REVEAL, VIEW, rerun, revealed, turn_of, turns_of
from agents.models import Agent
from bots.models import BotRerun
from bots.reads.traces import Shown, shown
from conversations.errors import NotFound, Refused
from conversations.models import Conversation

_MOST = 50


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def why(request: HttpRequest, key: UUID) -> HttpResponse:
    """Every turn of a conversation, the newest first. POST takes one again, or reveals what stands
    behind its placeholders."""
    agent = cast("Agent", request.user)
    if not agent.has_perm(VIEW):
        return render(request, "console/not_allowed.html", status=403)
    try:
        conversation = conversation_for(agent, key)
        if request.method == "POST":
            return _done(request, agent, conversation)
    except NotFound as error:
        raise Http404 from error
    return _page(request, agent, conversation)


def _done(request: HttpRequest, agent: Agent, conversation: Conversation) -> HttpResponse:
    try:
        turn = turn_of(agent, conversation, UUID(request.POST.get("turn", "")))
    except ValueError as error:
        raise Http404 from error
    try:
        if request.POST.get("reveal"):
            data = revealed(turn, why=request.POST.get("reason", ""), agent=agent)
            return _page(request, agent, conversation, opened=shown(turn, data=data))
        if request.POST.get("again") in BotRerun.Kind.values:
            rerun(turn, kind=request.POST["again"], agent=agent)
    except NotFound:
        raise
    except Refused as refusal:
        return _page(request, agent, conversation, refusal=refusal.detail, status=400)
    return redirect(f"{reverse('console:why', args=[conversation.uuid])}#turn-{turn.uuid}")


def _page(
    request: HttpRequest,
    agent: Agent,
    conversation: Conversation,
    *,
    opened: Shown | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    rows = [shown(turn) for turn in turns_of(agent, conversation).order_by("-at", "-pk")[:_MOST]]
    turns = [
        opened if opened is not None and row.turn.pk == opened.turn.pk else row for row in rows
    ]
    return render(
        request,
        "console/why.html",
        {
            "conversation": conversation,
            "turns": turns,
            "waits": any(one.waits for one in turns) and opened is None,
            "may_reveal": agent.has_perm(REVEAL),
            "refusal": refusal,
        },
        status=status,
    )
