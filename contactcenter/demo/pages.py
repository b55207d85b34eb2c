"""How a page of the shop is made: the language that was asked for, and the frame around it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers

from contactcenter.demo.packs.switch import street
from contactcenter.demo.packs.words import TEXTS as FRAME_TEXTS
from contactcenter.demo.queries import shelves
from contactcenter.demo.words import CHINESE, ENGLISH, TAGS, TEXTS

# Other rooms of the house, by the addresses that are promised to the outside.
PLACES = {
    "help": "/help/",
    "console": "/console/",
    "admin": "/admin/",
    "reports": "/admin/analytics/",
    "api": "/api/v1/docs/",
    "widget": "/widget.js",
}
YEAR_SECONDS = 365 * 24 * 3600


def language_of(request: HttpRequest) -> str:
    """`?lang=`, else the cookie or the browser's wish, which the locale middleware has read."""
    chosen = request.GET.get("lang", "")
    if chosen in TEXTS:
        return chosen
    return CHINESE if (translation.get_language() or "").startswith("zh") else ENGLISH


def page(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """The template in the customer's language; a language asked for by address is remembered."""
    language = language_of(request)
    frame = {
        "t": TEXTS[language],
        "p": FRAME_TEXTS[language],
        "street": street(language),
        "language": language,
        "other_language": ENGLISH if language == CHINESE else CHINESE,
        "shelves": shelves(language),
        "places": PLACES,
    }
    with translation.override(TAGS[language]):
        response = render(request, f"shop/{template}.html", frame | context, status=status)
    if request.GET.get("lang") == language:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, TAGS[language], max_age=YEAR_SECONDS, samesite="Lax"
        )
    patch_vary_headers(response, ("Accept-Language", "Cookie"))
    return response
