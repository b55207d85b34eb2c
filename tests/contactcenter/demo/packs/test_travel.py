"""Alcedo Travel: no price without a yes, no seat twice, no booking to a stranger."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from contactcenter.demo.packs.pack import write_books
from contactcenter.demo.packs.travel import fares
from contactcenter.demo.packs.travel.flights import HOME, seats_left
from contactcenter.demo.packs.travel.models import Booking, City, Flight
from tests.contactcenter.demo.packs.conftest import NOON, Program

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
TODAY = date(2026, 5, 4)
ROUTE: dict[str, Any] = {
    "origin": "hamburg",
    "destination": "rome",
    "travellers": 2,
    "fare": "classic",
}
PERSON: dict[str, Any] = {"name": "Ada Berg", "email": "Ada@Example.com"}


@pytest.fixture
def travel(opened: Callable[[str], Program]) -> Program:
    return opened("travel")


def home_day(ahead: int) -> date:
    """The agency's own day: between its midnight and that of Greenwich it is ahead."""
    return timezone.now().astimezone(HOME).date() + timedelta(days=ahead)


def days(ahead: int) -> str:
    return home_day(ahead).isoformat()


def a_flight(travel: Program, ahead: int = 30) -> dict[str, Any]:
    status, answer = travel.ask("flights", **ROUTE, date=days(ahead))
    assert status == 200
    flight: dict[str, Any] = answer["flights"][0]
    return flight


def booked(travel: Program, *, key: str = "", **other: Any) -> tuple[int, dict[str, Any]]:
    flight = a_flight(travel)
    wanted: dict[str, Any] = {
        "flight": flight["flight"],
        "date": flight["day"],
        "travellers": 2,
        "fare": "classic",
        "price": flight["price"],
    }
    return travel.ask("bookings", key=key, **(PERSON | wanted | other))


def owner(number: str) -> dict[str, Any]:
    return {"number": number, "email": PERSON["email"]}


def test_the_books_are_written_once() -> None:
    assert write_books("travel", at=NOON) > 100
    assert write_books("travel", at=NOON) == 0
    example = Booking.objects.get(number="AT-40112")
    assert (example.name, example.travellers, example.fare) == ("Nora Lindqvist", 2, "classic")
    assert all(one.flight.flies_on(one.day) for one in Booking.objects.select_related("flight"))


def test_a_flight_is_booked_at_the_price_that_was_said(travel: Program) -> None:
    status, booking = booked(travel)

    assert (status, booking["travellers"], booking["to_zh"]) == (200, 2, "罗马")
    row = Booking.objects.get(number=booking["number"])
    assert (row.email, float(row.price)) == ("ada@example.com", booking["price"])


def test_another_price_or_no_seat_books_nothing(travel: Program) -> None:
    before = Booking.objects.count()
    Flight.objects.update(seats=3)

    assert booked(travel, price=1)[1]["code"] == "price_changed"
    assert booked(travel)[0] == 200
    Flight.objects.update(seats=1)
    status, answer = travel.ask("flights", **ROUTE, date=days(30))
    assert (status, answer["flights"]) == (200, [])
    assert Booking.objects.count() == before + 1


def test_the_same_key_books_once(travel: Program) -> None:
    first, second = booked(travel, key="k"), booked(travel, key="k")

    assert first == second
    assert Booking.objects.filter(email="ada@example.com").count() == 1


def test_a_day_without_flight_names_the_nearest(travel: Program) -> None:
    day = next(n for n in range(30, 40) if home_day(n).weekday() == 1)
    wanted = ROUTE | {"destination": "reykjavik"}

    answer = travel.ask("flights", **wanted, date=days(day))[1]

    assert (answer["served"], answer["flights"]) == (True, [])
    assert days(day - 1) in answer["nearest"]
    nowhere = travel.ask("flights", **(ROUTE | {"origin": "rome"} | {"destination": "oslo"}),
                         date=days(30))[1]  # fmt: skip
    assert not nowhere["served"]


def test_bad_values_have_names(travel: Program) -> None:
    for wrong, name in (
        ({"date": days(-1)}, "date"),
        ({"date": days(301)}, "date"),
        ({"date": "soon"}, "date"),
        ({"date": days(9), "travellers": 10}, "travellers"),
        ({"date": days(9), "destination": "atlantis"}, "destination"),
        ({"date": days(9), "fare": "first"}, "fare"),
    ):
        status, answer = travel.ask("flights", **(ROUTE | wrong))
        assert (status, list(answer["fields"])) == (400, [name])
    assert booked(travel, email="nobody")[1]["fields"].keys() == {"email"}
    assert booked(travel, price="-3")[1]["fields"].keys() == {"price"}


def test_a_stranger_hears_nothing_and_a_guesser_is_stopped(travel: Program) -> None:
    number = booked(travel)[1]["number"]
    wrong: dict[str, Any] = {"number": number, "email": "eve@example.com"}

    assert travel.ask("bookings/find", **owner(number))[0] == 200
    assert travel.ask("bookings/find", **wrong) == travel.ask(
        "bookings/find", number="AT-99999", email="eve@example.com"
    )
    for path in ("cancel", "change", "refund"):
        assert travel.ask(f"bookings/{path}", **wrong, refund=0)[0] in (403, 423)
    assert travel.ask("bookings/find", **owner(number))[0] == 423
    assert Booking.objects.get(number=number).status == "booked"


def test_all_travellers_move_for_the_cost_that_was_said(travel: Program) -> None:
    number = booked(travel)[1]["number"]
    found = travel.ask("bookings/other-days", **owner(number), date=days(40))[1]["flights"]
    one = found[0]
    moved = {"flight": one["flight"], "date": one["day"]}

    assert one["fee"] == 60
    refused = travel.ask("bookings/change", **owner(number), **moved, cost=one["cost"] + 1)
    assert (refused[0], refused[1]["code"]) == (412, "price_changed")
    status, answer = travel.ask("bookings/change", **owner(number), **moved, cost=one["cost"])
    assert (status, answer["day"], answer["fees"]) == (200, days(40), 60)
    lisbon = travel.ask("bookings/change", **owner(number), flight="AT101", date=days(41), cost=60)
    assert lisbon[1]["code"] == "no_flight"


def test_a_booking_is_given_back_once_and_frees_its_seats(travel: Program) -> None:
    number = booked(travel)[1]["number"]
    price = travel.ask("bookings/find", **owner(number))[1]["price"]
    seats = a_flight(travel)["seats"]

    offer = travel.ask("bookings/refund", **owner(number))[1]
    assert (offer["refund"], offer["rule"]) == (price, "within_24_hours")
    assert travel.ask("bookings/cancel", **owner(number), refund=price - 1)[0] == 412
    assert travel.ask("bookings/cancel", **owner(number), refund=price)[0] == 200
    assert travel.ask("bookings/cancel", **owner(number), refund=price)[1]["code"] == "cancelled"
    assert a_flight(travel)["seats"] == seats + 2


def test_too_late_and_checked_in_are_for_a_person(travel: Program) -> None:
    number = booked(travel)[1]["number"]
    Booking.objects.filter(number=number).update(is_checked_in=True)
    assert travel.ask("bookings/refund", **owner(number))[1]["code"] == "checked_in"
    Booking.objects.filter(number=number).update(day=home_day(-1))
    assert travel.ask("bookings/refund", **owner(number))[0] == 410


def test_refunds_go_by_the_fare() -> None:
    at = datetime(2026, 5, 4, tzinfo=UTC)

    def back(fare: str, *, hours: int = 100, ahead: int = 30, ways: int = 1) -> tuple[Decimal, str]:
        refund = fares.refund_of(
            fare,
            price=Decimal(300),
            travellers=2,
            ways=ways,
            booked_at=at - timedelta(hours=hours),
            departure=at + timedelta(days=ahead),
            at=at,
        )
        return refund.amount, refund.rule

    assert back("light") == (Decimal(50), "taxes_only")
    assert back("light", ways=2) == (Decimal(100), "taxes_only")
    assert back("classic", ways=2) == (Decimal(140), "less_80")
    assert back("classic") == (Decimal(140), "less_80")
    assert back("flex") == (Decimal(300), "full")
    assert back("light", hours=24) == (Decimal(300), "within_24_hours")
    assert back("light", hours=24, ahead=6)[1] == "taxes_only"


def test_prices_grow_towards_the_day() -> None:
    def each(ahead: int, fare: str = "light") -> Decimal:
        day = TODAY + timedelta(days=ahead)
        return fares.price_each(Decimal(80), fare, far=False, day=day, today=TODAY)

    assert [int(each(ahead)) for ahead in (21, 14, 3)] == [80, 96, 120]
    assert each(21, "classic") == 115
    assert each(25) == 88  # a Friday


def test_plans_have_what_was_liked_first(travel: Program) -> None:
    plan = travel.ask("itinerary", city="tokyo", days=3, likes="food")[1]

    assert [day["day"] for day in plan["plan"]] == [1, 2, 3]
    assert "Tsukiji" in plan["plan"][0]["text"]
    assert "筑地" in plan["plan"][0]["text_zh"]
    assert plan["enough"]
    assert not travel.ask("itinerary", city="oslo", days=7, likes="food")[1]["enough"]
    assert travel.ask("itinerary", city="hamburg", days=1, likes="food")[0] == 404
    assert City.objects.exclude(sights=None).count() == 8


# --- there and back ----------------------------------------------------------------------------


def a_return(travel: Program, *, stay: int = 7) -> dict[str, Any]:
    """The body of a booking there and back, at its price of now."""
    there = a_flight(travel)
    way: dict[str, Any] = ROUTE | {"origin": "rome", "destination": "hamburg"}
    found = travel.ask(
        "flights",
        **way,
        date=days(30 + stay),
        after_flight=there["flight"],
        after_date=there["day"],
    )
    home = found[1]["flights"][-1]
    return {
        "flight": there["flight"],
        "date": there["day"],
        "back_flight": home["flight"],
        "back_date": home["day"],
        "travellers": 2,
        "fare": "classic",
        "price": there["price"] + home["price"],
    }


def test_there_and_back_is_one_booking_that_takes_seats_on_both(travel: Program) -> None:
    wanted = a_return(travel)
    offer = travel.ask("flights/look", **ROUTE, **{k: wanted[k] for k in (
        "flight", "date", "back_flight", "back_date")})[1]  # fmt: skip
    assert (offer["price"], offer["back"]["flight"]) == (wanted["price"], wanted["back_flight"])
    home = Flight.objects.get(number=wanted["back_flight"])
    on = date.fromisoformat(wanted["back_date"])
    before = seats_left(home, on)

    assert travel.ask("bookings", **PERSON, **(wanted | {"price": 1}))[1]["code"] == "price_changed"
    status, booking = travel.ask("bookings", **PERSON, **wanted)

    assert (status, booking["back"]["day"], booking["back"]["from"]) == (
        200,
        wanted["back_date"],
        "Rome",
    )
    assert seats_left(home, on) == before - 2
    row = Booking.objects.get(number=booking["number"])
    assert (float(row.price), row.ways) == (wanted["price"], 2)


def test_a_way_back_that_does_not_fit_books_nothing(travel: Program) -> None:
    wanted, before = a_return(travel), Booking.objects.count()
    for wrong, status in (
        ({"back_flight": "AT124", "back_date": days(29)}, 409),  # before the way there
        ({"back_flight": "AT102"}, 404),  # from somewhere else
        ({"back_flight": "AT999"}, 404),
        ({"back_flight": ""}, 400),
        ({"back_date": None}, 400),
    ):
        assert travel.ask("bookings", **PERSON, **(wanted | wrong))[0] == status
    Flight.objects.filter(number=wanted["back_flight"]).update(seats=1)
    assert travel.ask("bookings", **PERSON, **wanted)[1]["code"] == "sold_out"
    assert Booking.objects.count() == before


def test_the_same_day_back_leaves_after_the_landing(travel: Program) -> None:
    """AT121 lands in Rome at 10:55, AT122 leaves it at 12:10, AT124 at 21:20; AT123 lands at 20:30."""
    way: dict[str, Any] = ROUTE | {"origin": "rome", "destination": "hamburg"}

    def back(after: str) -> list[str]:
        asked = way | {"date": days(30), "after_flight": after, "after_date": days(30)}
        found = travel.ask("flights", **asked)[1]
        return [one["flight"] for one in found["flights"]]

    assert back("AT121") == ["AT122", "AT124"]
    assert back("AT123") == []


def test_each_way_is_moved_by_itself(travel: Program) -> None:
    wanted = a_return(travel)
    number = travel.ask("bookings", **PERSON, **wanted)[1]["number"]

    too_late = travel.ask("bookings/other-days", **owner(number), date=days(38))[1]
    assert (too_late["flights"], days(38) in too_late["nearest"]) == ([], False)
    one = travel.ask("bookings/other-days", **owner(number), date=days(41), leg="homeward")
    flight = one[1]["flights"][0]
    assert (flight["origin"], flight["was"], flight["fee"]) == ("Rome", wanted["back_date"], 60)
    moved = {"flight": flight["flight"], "date": days(41), "cost": flight["cost"]}
    status, answer = travel.ask("bookings/change", **owner(number), **moved, leg="homeward")

    assert (status, answer["moved"]["from"], answer["moved"]["day"]) == (200, "Rome", days(41))
    row = Booking.objects.get(number=number)
    assert (row.day.isoformat(), row.back_day and row.back_day.isoformat()) == (
        wanted["date"],
        days(41),
    )
    assert float(row.price + row.fees) == wanted["price"] + flight["cost"]
    only_there = booked(travel)[1]["number"]
    refused = travel.ask("bookings/other-days", **owner(only_there), date=days(41), leg="homeward")
    assert refused[1]["code"] == "no_way_back"


def test_both_ways_are_given_back_together(travel: Program) -> None:
    wanted = a_return(travel)
    number = travel.ask("bookings", **PERSON, **wanted)[1]["number"]
    Booking.objects.filter(number=number).update(booked_at=timezone.now() - timedelta(days=3))

    offer = travel.ask("bookings/refund", **owner(number))[1]
    assert (offer["refund"], offer["rule"]) == (wanted["price"] - 160, "less_80")
    assert travel.ask("bookings/cancel", **owner(number), refund=offer["refund"])[0] == 200
    home = Flight.objects.get(number=wanted["back_flight"])
    standing = Booking.objects.standing().aboard(home, date.fromisoformat(wanted["back_date"]))
    assert not standing.filter(number=number).exists()
