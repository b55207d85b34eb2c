"""The chat that any page can carry: its script, its looks, and the page inside its iframe."""

import gzip
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from inboxes.models import Inbox

MODULES = (
    "js/live.js",
    "js/live/backoff.js",
    "js/live/ledger.js",
    "js/live/outbox.js",
    *(
        f"js/widget/{name}.js"
        for name in (
            "app",
            "article",
            "call_form",
            "call_times",
            "catalogue",
            "colour",
            "composer",
            "dom",
            "emoji",
            "finder",
            "header",
            "heading",
            "hints",
            "host",
            "memory",
            "notices",
            "offers",
            "queue",
            "richtext",
            "session",
            "sound",
            "storage",
            "survey",
            "thread",
            "times",
            "transcript",
            "uploads",
        )
    ),
)
"""What the first page needs, fetched side by side instead of one after the other."""

_LANGUAGE = re.compile(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")
_COLOUR = re.compile(r"^#[0-9a-fA-F]{6}$")
_ORIGIN = re.compile(r"^https?://[A-Za-z0-9.-]+(:\d{1,5})?$")
_RIGHT_TO_LEFT = frozenset({"ar", "he", "fa", "ur"})
_TEXTS = ("greeting", "introduction")
_SUGGESTIONS_LIMIT = 4
_UNAVAILABLE = {
    "en": ("The chat is closed.", "There is no chat at this address right now."),
    "zh": ("在线客服未开放。", "此地址目前没有在线客服。"),
}


# --- the script -----------------------------------------------------------------------------


@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """`/widget.js`: five minutes fresh, a day while it is fetched anew, compressed if wanted."""
    content, squeezed, etag = _script()
    if conditional := get_conditional_response(request, etag=etag):
        response = conditional
    elif "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(squeezed, headers={"Content-Encoding": "gzip"})
    else:
        response = HttpResponse(content)
    if not isinstance(response, HttpResponseNotModified):
        response["Content-Type"] = "text/javascript; charset=utf-8"
    response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=300, stale-while-revalidate=86400"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Access-Control-Allow-Origin"] = "*"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def _script() -> tuple[bytes, bytes, str]:
    return _read_script() if settings.DEBUG else _kept_script()


def _read_script() -> tuple[bytes, bytes, str]:
    path = finders.find("js/widget-loader.js")
    assert isinstance(path, str), "static/js/widget-loader.js is part of this project"
    content = Path(path).read_bytes()
    # Weak: the same script, whether squeezed or not
    etag = f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'
    return content, gzip.compress(content, 9, mtime=0), etag


@cache
def _kept_script() -> tuple[bytes, bytes, str]:
    return _read_script()


# --- the button's looks ---------------------------------------------------------------------


@require_safe
def appearance(request: HttpRequest) -> JsonResponse:
    """`{"accent", "on", "position"}` of `?inbox=`, for the sites that may show its widget.

    404 for no such inbox, or one that is switched off; 403 for a site that is not on its list.
    """
    inbox = _inbox(request)
    origin = request.headers.get("Origin", "")
    own = f"{request.scheme}://{request.get_host()}"
    if inbox is None:
        response = JsonResponse({"code": "not_found"}, status=404)
    elif origin and origin != own and origin not in _origins(inbox):
        response = JsonResponse({"code": "not_allowed"}, status=403)
    else:
        response = JsonResponse(_button(inbox))
    # Refusals are readable too, so that the script can say on the console what is wrong
    response["Access-Control-Allow-Origin"] = origin or "*"
    response["Cache-Control"] = "public, max-age=300"
    patch_vary_headers(response, ["Origin"])
    return response


def _button(inbox: Inbox) -> dict[str, str]:
    accent = _accent(inbox)
    return {
        "accent": accent,
        "on": _readable_on(accent) if accent else "",
        "position": "left" if _looks(inbox).get("position") == "left" else "right",
    }


def _readable_on(colour: str) -> str:
    """White or near-black, whichever reads better on the colour (WCAG relative luminance)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#ffffff" if 1.05 / (luminance + 0.05) >= 4.5 else "#171b22"


# --- the iframe's page ----------------------------------------------------------------------


@xframe_options_exempt
@require_safe
def frame(request: HttpRequest) -> HttpResponse:
    """`/widget/?inbox=<key>&language=<tag>`: only its inbox's sites may put it in an iframe."""
    inbox = _inbox(request)
    language = _language(request, inbox)
    context: dict[str, Any] = {
        "language": language,
        "direction": "rtl" if language.split("-")[0] in _RIGHT_TO_LEFT else "ltr",
    }
    if inbox is None:
        words = _UNAVAILABLE.get(language.split("-")[0], _UNAVAILABLE["en"])
        response = render(
            request, "widget/unavailable.html", {**context, "words": words}, status=404
        )
        return _guarded(response, {"frame-ancestors": ["*"]})
    context["settings"] = _frame_settings(inbox, language)
    response = render(request, "widget/frame.html", {**context, "modules": MODULES})
    # The logo may live elsewhere; nothing else may come from there
    logo = _origin_of(context["settings"]["logo"])
    return _guarded(
        response,
        {
            "frame-ancestors": ["'self'", *_origins(inbox)],
            "connect-src": ["'self'", _socket_origin(request)],
            "img-src": ["'self'", "data:", "blob:", *([logo] if logo else [])],
        },
    )


def _guarded(response: HttpResponse, policy: dict[str, list[str]]) -> HttpResponse:
    """Hands the response's own policy to the CSP middleware; nothing of it is cached."""
    # What csp.decorators.csp_replace does, with a policy that is known only now
    response._csp_replace = policy  # type: ignore[attr-defined]  # noqa: SLF001
    response["Cache-Control"] = "no-cache"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=()"
    return response


def _frame_settings(inbox: Inbox, language: str) -> dict[str, Any]:
    """What the iframe's script reads; the names are those of static/js/widget/boot.js."""
    looks = _looks(inbox)
    texts = _texts(looks, language)
    suggestions = texts.get("suggestions", [])
    if not isinstance(suggestions, list):
        suggestions = []
    return {
        "inbox": inbox.key,
        "name": inbox.name,
        "language": language,
        "languages": _languages(inbox),
        "accent": _accent(inbox),
        "logo": _logo(looks),
        "botName": str(texts.get("bot_name", ""))[:60],
        "texts": {
            **{name: str(texts.get(name, ""))[:400] for name in _TEXTS},
            "suggestions": [str(text)[:120] for text in suggestions[:_SUGGESTIONS_LIMIT]],
        },
        "origins": _origins(inbox),
        "mostBytes": settings.UPLOAD_MAX_BYTES,
    }


def _inbox(request: HttpRequest) -> Inbox | None:
    key = request.GET.get("inbox", "web")
    if not key or len(key) > 64 or "\x00" in key:
        return None
    return Inbox.objects.filter(key=key, kind=Inbox.Kind.WEB, is_active=True).first()


def _origins(inbox: Inbox) -> list[str]:
    """The sites that may show the widget; strict, because they become part of a policy."""
    origins = inbox.allowed_origins if isinstance(inbox.allowed_origins, list) else []
    return [o for o in origins if isinstance(o, str) and _ORIGIN.match(o)]


def _languages(inbox: Inbox) -> list[str]:
    tags = inbox.languages if isinstance(inbox.languages, list) else []
    return [tag for tag in tags if isinstance(tag, str) and _LANGUAGE.match(tag)] or ["en", "zh"]


def _language(request: HttpRequest, inbox: Inbox | None) -> str:
    """The wanted tag, as the inbox writes it; one that it does not offer is its first."""
    offered = _languages(inbox) if inbox else ["en", "zh"]
    wanted = request.GET.get("language", "").lower()
    for tag in offered:
        if wanted.split("-")[0] == tag.lower().split("-")[0]:
            return tag
    return offered[0]


def _looks(inbox: Inbox) -> dict[str, Any]:
    return inbox.appearance if isinstance(inbox.appearance, dict) else {}


def _texts(looks: dict[str, Any], language: str) -> dict[str, Any]:
    texts = looks.get("texts")
    if not isinstance(texts, dict):
        return {}
    own = texts.get(language) or texts.get(language.split("-", maxsplit=1)[0])
    return own if isinstance(own, dict) else {}


def _accent(inbox: Inbox) -> str:
    accent = _looks(inbox).get("accent", "")
    return accent if isinstance(accent, str) and _COLOUR.match(accent) else ""


def _logo(looks: dict[str, Any]) -> str:
    logo = looks.get("logo", "")
    if not isinstance(logo, str):
        return ""
    is_ours = logo.startswith("/") and not logo.startswith("//")
    return logo if is_ours or _origin_of(logo) else ""


def _origin_of(address: str) -> str:
    """`https://host[:port]`, or nothing; strict, because it becomes part of a policy."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    origin = f"{parts.scheme}://{parts.netloc}"
    return origin if parts.scheme == "https" and _ORIGIN.match(origin) else ""


def _socket_origin(request: HttpRequest) -> str:
    """Older browsers do not count the socket of the same host as 'self'."""
    return f"{'wss' if request.is_secure() else 'ws'}://{request.get_host()}"
