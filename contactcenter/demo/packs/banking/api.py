"""The interface of Northbridge Bank."""

from typing import Any

from django.urls import path

from contactcenter.demo.packs import identity
from contactcenter.demo.packs.banking import business
from contactcenter.demo.packs.banking.models import Client
from contactcenter.demo.packs.door import Call, Refusal, door

PACK = "banking"


def _client(call: Call) -> Client:
    who = identity.visitor(PACK, call.text("session"), at=call.at)
    return Client.objects.get(number=who)


@door(PACK, writes=True)
def identify(call: Call) -> dict[str, Any] | Refusal:
    """Customer number, date of birth and telephone code; all must be right."""
    number, code = call.text("customer", most=20).upper(), call.text("code", most=20)
    born = call.day("birth_date")
    client = Client.objects.filter(number=number).first()
    is_right = (
        client is not None
        and client.birth_date == born
        and identity.matches(client.code, PACK, number, code)
    )
    said = identity.admitted(PACK, number, is_right=is_right, at=call.at)
    if isinstance(said, Refusal) or client is None:
        return said if isinstance(said, Refusal) else Refusal("wrong", "", status=403)
    return {"session": said, "name": client.name, "name_zh": client.name_zh or client.name}


@door(PACK)
def accounts(call: Call) -> dict[str, Any]:
    return {"accounts": business.overview(_client(call))}


@door(PACK)
def cards(call: Call) -> dict[str, Any]:
    return {"cards": business.cards_of(_client(call))}


@door(PACK, writes=True)
def block(call: Call) -> dict[str, Any]:
    return business.block_card(
        _client(call),
        call.text("card", most=4),
        reason=call.choice("reason", business.REASONS),
        replace=call.yes("replace"),
        at=call.at,
    )


@door(PACK)
def transfer(call: Call) -> dict[str, Any]:
    return business.transfer_of(_client(call), call.text("number", most=20))


@door(PACK)
def quote(call: Call) -> dict[str, Any]:
    return business.quote(call.whole("amount", 1, 10**9), call.whole("months", 1, 1000))


@door(PACK, writes=True)
def loan(call: Call) -> dict[str, Any]:
    return business.apply_for_loan(
        _client(call),
        amount=call.whole("amount", 1, 10**9),
        months=call.whole("months", 1, 1000),
        purpose=call.choice("purpose", business.PURPOSES),
        income=call.whole("income", 0, 10**7),
        at=call.at,
    )


urlpatterns = [
    path("identify", identify),
    path("accounts", accounts),
    path("cards", cards),
    path("cards/block", block),
    path("transfers/find", transfer),
    path("loans/quote", quote),
    path("loans", loan),
]
