"""The label of a return, to be printed or shown at the counter."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from contactcenter.demo.packs.retail.models import Return
from contactcenter.demo.pages import language_of, page
from contactcenter.demo.words import CHINESE

# Code 39: each character is nine bars and gaps, and the wide ones (1) stand out.
CODE_39 = {
    "0": "000110100", "1": "100100001", "2": "001100001", "3": "101100000", "4": "000110001",
    "5": "100110000", "6": "001110000", "7": "000100101", "8": "100100100", "9": "001100100",
    "R": "100000110", "T": "000010110", "-": "010000101", "*": "010010100",
}  # fmt: skip
NARROW, WIDE, HEIGHT = 2, 5, 72


@require_safe
@never_cache
def return_label(request: HttpRequest, label: uuid.UUID) -> HttpResponse:
    """Who knows the address may print it; it names the return, not the customer."""
    found = get_object_or_404(Return.objects.select_related("line__product"), label=label)
    bars, width = bars_of(found.number)
    chinese = language_of(request) == CHINESE
    return page(
        request,
        "return_label",
        {
            "label": found,
            "item": (chinese and found.line.product.name_zh) or found.line.name,
            "bars": bars,
            "width": width,
            "height": HEIGHT,
        },
    )


def bars_of(number: str) -> tuple[list[tuple[int, int]], int]:
    """(left, width) of each bar, and how wide all of it is. Only digits, R, T and - occur."""
    bars, left = [], 0
    for sign in f"*{number}*":
        for place, wide in enumerate(CODE_39[sign]):
            width = WIDE if wide == "1" else NARROW
            if place % 2 == 0:
                bars.append((left, width))
            left += width
        left += NARROW
    return bars, left
