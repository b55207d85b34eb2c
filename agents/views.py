"""The pages of the people inside: signing in and out, and the console."""

import math
from pathlib import Path
from typing import cast

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles import finders
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
)
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents.models import Agent
from agents.sign_in import DEVICE_COOKIE, DEVICE_DAYS, check_attempt, note_for_device
from conversations.errors import RateLimited

ANSWERS = "conversations.answer_conversations"
SUPERVISES = "conversations.supervise_conversations"
PASSWORD_LIMIT = 1024
_WORKER = "js/console/worker.js"


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The same answer for an unknown name and a wrong password; 429 when tried too often."""
    if request.method != "POST":
        if request.user.is_authenticated:
            return _onwards(request)
        return _sign_in_page(request)
    username = request.POST.get("username", "").replace("\x00", "")[:150]
    password = request.POST.get("password", "").replace("\x00", "")
    try:
        check_attempt(
            username=username,
            address=request.META.get("REMOTE_ADDR", ""),
            device=request.COOKIES.get(DEVICE_COOKIE, ""),
        )
    except RateLimited as refusal:
        return _too_often(request, username, refusal)
    if len(password) > PASSWORD_LIMIT:  # hashing megabytes is work for nothing
        return _wrong(request, username)
    agent = authenticate(request, username=username, password=password)
    if agent is None:
        return _wrong(request, username)
    login(request, agent)
    return _remember_device(_onwards(request), agent.get_username())


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@never_cache
@login_required
@ensure_csrf_cookie
@require_safe
def console(request: HttpRequest) -> HttpResponse:
    agent = cast("Agent", request.user)
    if not (agent.has_perm(ANSWERS) or agent.has_perm(SUPERVISES)):
        return render(request, "console/not_allowed.html", status=403)
    return render(request, "console/console.html")


@never_cache
@login_required
@ensure_csrf_cookie
@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    agent = cast("Agent", request.user)
    if not (agent.has_perm(ANSWERS) and agent.has_perm(SUPERVISES)):
        return render(request, "console/not_allowed.html", status=403)
    return render(request, "console/wall.html")


@require_safe
def worker(_: HttpRequest) -> HttpResponse:
    """The script that browsers keep and wake for news: it must live below the pages it serves."""
    found = finders.find(_WORKER)
    if not isinstance(found, str):
        raise Http404
    script = Path(found).read_bytes()
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


def _sign_in_page(
    request: HttpRequest, *, username: str = "", refusal: str = "", status: int = 200
) -> HttpResponse:
    return render(
        request,
        "console/login.html",
        {"username": username, "refusal": refusal, "next": _next(request)},
        status=status,
    )


def _wrong(request: HttpRequest, username: str) -> HttpResponse:
    words = _("This name and password do not belong together. Try again.")
    return _sign_in_page(request, username=username, refusal=words, status=400)


def _too_often(request: HttpRequest, username: str, refusal: RateLimited) -> HttpResponse:
    seconds = max(1, math.ceil(refusal.retry_after or 1))
    words = _("Too many tries. Try again in %(seconds)d s.") % {"seconds": seconds}
    response = _sign_in_page(request, username=username, refusal=words, status=429)
    response["Retry-After"] = str(seconds)
    return response


def _next(request: HttpRequest) -> str:
    """Where they were going, if that is one of our own pages."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else ""


def _onwards(request: HttpRequest) -> HttpResponseRedirect:
    return HttpResponseRedirect(_next(request) or resolve_url(settings.LOGIN_REDIRECT_URL))


def _remember_device(response: HttpResponseRedirect, username: str) -> HttpResponse:
    response.set_cookie(
        DEVICE_COOKIE,
        note_for_device(username),
        max_age=DEVICE_DAYS * 86_400,
        path=resolve_url(settings.LOGIN_URL),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
