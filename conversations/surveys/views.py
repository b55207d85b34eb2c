"""The survey's own page: for whoever has the link, with or without scripts."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from conversations.errors import BadWords, Closed, RateLimited
from conversations.limits import Limit
from conversations.surveys.answering import answer
from conversations.surveys.inviting import content_of, invitation_of
from conversations.surveys.kinds import SCORED
from conversations.surveys.letters import refuse_letters
from conversations.surveys.models import Invitation, Reply
from conversations.surveys.words import RIGHT_TO_LEFT, words_in

_ANSWERS = Limit(rate=1 / 30, burst=10)  # by invitation: each is a line in the log


@never_cache
@csrf_exempt  # the link is the right to answer; there is no session that somebody could ride on
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """The questions; sent, they are kept and thanked for. A link in a letter only opens it: programs that
    look at links answer nothing."""
    invitation = _found(token)
    at = timezone.now()
    if at >= invitation.closes_at:
        return _page(request, invitation, state="over", status=410)
    if request.method != "POST":
        state = "done" if "done" in request.GET and invitation.answered_at else "asked"
        return _page(request, invitation, state=state)
    content = content_of(invitation)
    try:
        _ANSWERS.check(str(invitation.pk))
        answer(invitation, _said(content, request.POST), way=Invitation.Way.LINK, at=at)
    except BadWords:
        return _page(request, invitation, state="missing", status=400, sent=request.POST)
    except RateLimited:
        return _page(request, invitation, state="done", status=429)
    except Closed:
        return _page(request, invitation, state="over", status=410)
    return redirect(f"{request.path}?done")


@never_cache
@csrf_exempt  # a mail program's own button sends it
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """No more letters to this address; asked first, since programs look at links."""
    invitation = _found(token)
    if request.method != "POST":
        return _page(request, invitation, state="stop")
    refuse_letters(invitation.conversation.customer.email, at=timezone.now())
    return _page(request, invitation, state="stopped")


def _found(token: str) -> Invitation:
    invitation = invitation_of(token)
    if invitation is None:
        raise Http404
    return invitation


def _said(content: dict[str, Any], sent: QueryDict) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for question in content["questions"]:
        key, kind = question["id"], question["kind"]
        value = sent.get(key, "")
        if kind == "choices":
            said[key] = sent.getlist(key)
        elif kind in SCORED:
            is_number = len(value) <= 3 and value.isascii() and value.isdecimal()
            said[key] = int(value) if is_number else value
        else:
            said[key] = value
    return said


def _page(
    request: HttpRequest,
    invitation: Invitation,
    *,
    state: str,
    status: int = 200,
    sent: QueryDict | None = None,
) -> HttpResponse:
    language = invitation.language
    content = content_of(invitation)
    given = _before(invitation) if sent is None else {key: sent.getlist(key) for key in sent}
    words = words_in(language)
    return render(
        request,
        "survey/page.html",
        {
            "state": state,
            "language": language,
            "direction": "rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "ltr",
            "words": words,
            "thanks": content["thanks"] or words["thanks"],
            "content": content,
            "questions": [
                _field(one, given.get(one["id"], []), words) for one in content["questions"]
            ],
        },
        status=status,
    )


def _before(invitation: Invitation) -> dict[str, list[str]]:
    replies = Reply.objects.filter(invitation=invitation).select_related("question")
    return {
        str(reply.question.uuid): reply.chosen
        or ([str(reply.number)] if reply.number is not None else [reply.text])
        for reply in replies
    }


def _field(question: dict[str, Any], given: list[str], words: dict[str, Any]) -> dict[str, Any]:
    """A question as the page shows it: its choices with their words, and what was answered."""
    kind = question["kind"]
    choices: list[tuple[str, str]] = []
    if kind == "yes_no":
        choices = [("1", words["yes"]), ("0", words["no"])]
    elif kind == "csat":
        choices = [(str(n), word) for n, word in enumerate(words["csat"], start=1)]
    elif kind in SCORED:
        choices = [(str(n), str(n)) for n in range(question["least"], question["most"] + 1)]
    elif question["options"]:
        choices = [(option["key"], option["text"]) for option in question["options"]]
    return {
        **question,
        "choices": choices,
        "ends": words[kind] if kind in ("nps", "ces", "scale") else (),
        "given": given,
        "text": question["text"],
        "value": given[0] if given else "",
    }
