"""Tables of Lantern House: which are free, and who gets one."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from contactcenter.demo.packs.call import Refusal
from contactcenter.demo.packs.restaurant import hours
from contactcenter.demo.packs.restaurant.models import Reservation, Sitting, Table

AHEAD_DAYS: Final = 60
LOOK_AROUND_DAYS: Final = 7
LEAST_AHEAD: Final = timedelta(hours=1)
LAST_MOMENT: Final = timedelta(hours=3)
LARGE: Final = 6  # people from whom on a table is kept half an hour longer
FIRST_NUMBER: Final = 30_101


def halves(at: time, people: int) -> list[int]:
    first = at.hour * 2 + at.minute // 30
    return list(range(first, first + (5 if people >= LARGE else 4)))


def free_at(
    day: date, at: time, people: int, *, now: datetime, besides: Reservation | None = None
) -> dict[str, Any]:
    """Whether there is a table, and if not, the nearest times of the day that have one."""
    check_day(day, now)
    times = hours.table_times(day)
    soon = [t for t in times if datetime.combine(day, t, hours.HOME) - now >= LEAST_AHEAD]
    taken = _taken(day, besides)
    free = [t for t in soon if _table_for(t, people, taken) is not None]
    minutes = {t: abs((t.hour - at.hour) * 60 + t.minute - at.minute) for t in free}
    nearest = sorted(sorted(free, key=lambda t: minutes[t])[:3])
    return {
        "open": bool(times),
        "free": at in free,
        "time": f"{at:%H:%M}",
        "others": [f"{t:%H:%M}" for t in nearest],
        "days": [] if free else _nearest_days(day, people, now, besides),
        "minutes": 150 if people >= LARGE else 120,
    }


def _nearest_days(day: date, people: int, now: datetime, besides: Reservation | None) -> list[str]:
    """Up to three days around one that has no table, which have one."""
    today = now.astimezone(hours.HOME).date()
    around = sorted(range(-LOOK_AROUND_DAYS, LOOK_AROUND_DAYS + 1), key=lambda n: (abs(n), -n))
    found: list[date] = []
    for other in (day + timedelta(days=n) for n in around):
        if len(found) < 3 and today < other <= today + timedelta(days=AHEAD_DAYS):
            taken = _taken(other, besides)
            if any(_table_for(t, people, taken) for t in hours.table_times(other)):
                found.append(other)
    return [other.isoformat() for other in sorted(found)]


def check_day(day: date, now: datetime) -> None:
    today = now.astimezone(hours.HOME).date()
    if not today <= day <= today + timedelta(days=AHEAD_DAYS):
        why = f"must be between today and {AHEAD_DAYS} days from now"
        raise Refusal("invalid", f"date {why}.", status=400, fields={"date": why})


def _taken(day: date, besides: Reservation | None) -> set[tuple[int, int]]:
    rows = Sitting.objects.filter(day=day)
    if besides is not None:
        rows = rows.exclude(reservation=besides)
    return set(rows.values_list("table_id", "half_hour"))


def _table_for(at: time, people: int, taken: set[tuple[int, int]]) -> Table | None:
    """The smallest that is large enough and free as long as it takes."""
    wanted = halves(at, people)
    for table in Table.objects.filter(seats__gte=people):
        if not any((table.pk, half) in taken for half in wanted):
            return table
    return None


def reserve(
    day: date, at: time, people: int, *, name: str, email: str, note: str, now: datetime
) -> dict[str, Any]:
    table = _get_table(day, at, people, now=now)
    last = Reservation.objects.order_by("-number").values_list("number", flat=True).first()
    reservation = Reservation.objects.create(
        number=f"T-{int(last[2:]) + 1 if last else FIRST_NUMBER:05d}",
        name=name,
        email=email,
        day=day,
        time=at,
        people=people,
        table=table,
        note=note,
        made_at=now,
    )
    seat(reservation)
    return view(reservation)


def _get_table(
    day: date, at: time, people: int, *, now: datetime, besides: Reservation | None = None
) -> Table:
    list(Table.objects.select_for_update())  # two who ask at once are served one after the other
    if at not in hours.table_times(day):
        raise Refusal("closed", "No tables are given at that time.", status=422)
    if not free_at(day, at, people, now=now, besides=besides)["free"]:
        raise Refusal("taken", "No table is free at that time any more.")
    table = _table_for(at, people, _taken(day, besides))
    if table is None:
        raise Refusal("taken", "No table is free at that time any more.")
    return table


def seat(reservation: Reservation) -> None:
    """Gives the table's half hours to this reservation, and back those that it had before."""
    reservation.sittings.all().delete()
    if reservation.status == Reservation.Status.BOOKED:
        Sitting.objects.bulk_create(_sittings(reservation))


def _sittings(reservation: Reservation) -> Iterable[Sitting]:
    for half in halves(reservation.time, reservation.people):
        yield Sitting(
            reservation=reservation, table=reservation.table, day=reservation.day, half_hour=half
        )


def view(reservation: Reservation) -> dict[str, Any]:
    return {
        "number": reservation.number,
        "name": reservation.name,
        "day": reservation.day.isoformat(),
        "time": f"{reservation.time:%H:%M}",
        "people": reservation.people,
        "status": reservation.status,
    }


def check_open(reservation: Reservation, now: datetime) -> None:
    if reservation.status == Reservation.Status.CANCELLED:
        raise Refusal("cancelled", "This reservation has been cancelled.")
    begins = datetime.combine(reservation.day, reservation.time, hours.HOME)
    if begins - now < LAST_MOMENT:
        raise Refusal("too_late", "Changes end three hours before.", status=410)


def move(
    reservation: Reservation, day: date, at: time, people: int, *, now: datetime
) -> dict[str, Any]:
    """To another day, time or number of people; if nothing is free it stays as it is."""
    check_open(reservation, now)
    reservation.table = _get_table(day, at, people, now=now, besides=reservation)
    reservation.day, reservation.time, reservation.people = day, at, people
    reservation.save()
    seat(reservation)
    return view(reservation)


def cancel(reservation: Reservation, *, now: datetime) -> dict[str, Any]:
    check_open(reservation, now)
    reservation.status = Reservation.Status.CANCELLED
    reservation.save(update_fields=["status"])
    seat(reservation)
    return view(reservation)
