"""The pages of the demo businesses: one frame, each in its own colours and words."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from contactcenter.demo.packs.pack import Pack, pack_named
from contactcenter.demo.packs.switch import street
from contactcenter.demo.pages import language_of, page


@require_safe
def businesses(request: HttpRequest) -> HttpResponse:
    """All of them, those that are open and how to open the others."""
    return _page(request, "businesses", {})


@require_safe
def business(request: HttpRequest, name: str) -> HttpResponse:
    """One that is open; any other leads to all of them."""
    try:
        pack = pack_named(name)
    except LookupError:
        pack = None
    if pack is None or not any(one.is_open and one.name == name for one in street("en")):
        return _page(request, "businesses", {"missed": True}, status=404)
    return _page(request, "business", {"pack": pack_in(pack, language_of(request))})


def pack_in(pack: Pack, language: str) -> dict[str, Any]:
    """What the page says of a pack, in one language."""
    return {
        "name": pack.name,
        "key": pack.key,
        "title": pack.title[language],
        "tagline": pack.tagline[language],
        "hero": pack.hero[language],
        "text": pack.text[language],
        "promises": [(a[language], b[language]) for a, b in pack.promises],
        "services": [(a[language], b[language]) for a, b in pack.services],
        "facts_text": pack.facts_text[language],
        "facts": [(a[language], b[language]) for a, b in pack.facts],
        "tries": pack.tries[language],
        "mail": pack.mail,
        "phone": pack.phone,
        "mark": f"img/packs/{pack.name}.svg",
    }


def _page(
    request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    return page(request, f"packs/{name}", context, status=status)
