"""The doors of the demo businesses for programs: JSON over HTTP, one frame for all of them.

A business says what it does as a plain function of a `Call`; everything that a real interface has
besides (a token, clear errors, each order done once, bad days) is here.
"""

import functools
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from contactcenter.demo.packs.call import Call, Refusal
from contactcenter.demo.packs.models import Business, Receipt

__all__ = ["Call", "Refusal", "door", "token_of"]

Asked: TypeAlias = dict[str, Any]
Deed: TypeAlias = Callable[..., Asked | Refusal]
BODY_LIMIT: Final = 16_384
KEY_LIMIT: Final = 200
SLOW_SECONDS: Final = 3  # a client that is patient has its answer
LATE_SECONDS: Final = 20  # longer than any client should wait
NOTHING = Refusal("not_found", "There is no such business here.", status=404)


def token_of(pack: str) -> str:
    """What a program says to be let in; of this installation, and renewed with its SECRET_KEY."""
    return salted_hmac("contactcenter.demo.packs", pack, algorithm="sha256").hexdigest()


def door(pack: str, *, writes: bool = False) -> Callable[[Deed], Callable[..., HttpResponse]]:
    """An address of the interface. What reads takes GET or POST; what writes takes POST with an
    `Idempotency-Key`, whose answer is kept, also when it is a refusal.

    The function gets a `Call` and the named parts of the address; what it returns is the answer, a
    `Refusal` that it raises is one with its status, and undoes what it did before. One that it
    returns is answered the same, and what it did stays: a wrong code is counted.
    """

    def decorate(deed: Deed) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @never_cache
        @functools.wraps(deed)
        def view(request: HttpRequest, **path: Any) -> HttpResponse:
            try:
                return _answer(request, pack, deed, path, writes=writes)
            except Refusal as refusal:
                return JsonResponse(refusal.answer, status=refusal.status)

        return view

    return decorate


def _answer(
    request: HttpRequest, pack: str, deed: Deed, path: dict[str, Any], *, writes: bool
) -> HttpResponse:
    business = Business.objects.filter(pack=pack).first()
    if business is None:
        raise NOTHING
    _let_in(request, pack)
    if request.method not in (("POST",) if writes else ("GET", "POST")):
        raise Refusal("method_not_allowed", "This is not done this way.", status=405)
    if business.weather == Business.Weather.DOWN:
        raise Refusal("down", "We are being mended. Try again later.", status=503)
    if business.weather == Business.Weather.RUBBISH:
        return HttpResponse("<html><title>Welcome</title><h1>It works!</h1></html>")
    call = Call(_values(request), timezone.now())
    answer, status = _once(request, business, deed, call, path) if writes else _do(deed, call, path)
    if business.weather in (Business.Weather.SLOW, Business.Weather.LATE):
        if not connection.in_atomic_block:
            connection.close()  # the house has few, and its customers need them meanwhile
        time.sleep(SLOW_SECONDS if business.weather == Business.Weather.SLOW else LATE_SECONDS)
    if business.weather == Business.Weather.LOST:
        raise Refusal("bad_gateway", "The answer was lost on the way.", status=502)
    return JsonResponse(answer, status=status)


def _let_in(request: HttpRequest, pack: str) -> None:
    said = request.headers.get("Authorization", "")
    if not constant_time_compare(said, f"Bearer {token_of(pack)}"):
        raise Refusal("unauthorized", "Say `Authorization: Bearer` and the token.", status=401)


def _values(request: HttpRequest) -> Asked:
    if request.method == "GET":
        return dict(request.GET.items())
    if int(request.META.get("CONTENT_LENGTH") or 0) > BODY_LIMIT:
        raise Refusal("too_large", f"At most {BODY_LIMIT} bytes.", status=413)
    try:
        values = json.loads(request.body or b"{}")
        json.dumps(values, ensure_ascii=False).encode()  # half a letter can be kept nowhere
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        raise Refusal("invalid", "The body must be a JSON object.", status=400)
    return values


def _do(deed: Deed, call: Call, path: dict[str, Any]) -> tuple[Asked, int]:
    """What was done, or why not; never half of it."""
    try:
        with transaction.atomic():
            said = deed(call, **path)
        return (said.answer, said.status) if isinstance(said, Refusal) else (said, 200)
    except Refusal as refusal:
        return refusal.answer, refusal.status


@transaction.atomic
def _once(
    request: HttpRequest, business: Business, deed: Deed, call: Call, path: dict[str, Any]
) -> tuple[Asked, int]:
    """Done when the key is new, else what was answered then. Who asks meanwhile waits for it."""
    key = request.headers.get("Idempotency-Key", "")
    if not 0 < len(key) <= KEY_LIMIT or not key.isprintable():
        raise Refusal(
            "key_required", f"Say an Idempotency-Key of up to {KEY_LIMIT} characters.", status=400
        )
    asked = _digest(request.path, call.values)
    receipt, is_new = Receipt.objects.get_or_create(
        business=business, key=key, defaults={"asked": asked, "at": call.at}
    )
    if not is_new:
        if not receipt.is_for(asked):
            raise Refusal("key_reused", "This key was said with another request.", status=422)
        return receipt.answer, receipt.status
    receipt.answer, receipt.status = _do(deed, call, path)
    receipt.save(update_fields=["answer", "status"])
    return receipt.answer, receipt.status


def _digest(path: str, values: Asked) -> str:
    """Keyed: what was asked may hold a card number, which must not be guessed from its digest."""
    said = json.dumps([path, values], sort_keys=True, ensure_ascii=False).encode()
    return hmac.new(token_of("receipts").encode(), said, hashlib.sha256).hexdigest()
