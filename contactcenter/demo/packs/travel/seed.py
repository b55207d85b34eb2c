"""The timetable and the books of Alcedo Travel: the same ones at every seeding."""

import json
import random
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

from contactcenter.demo.packs.travel import fares
from contactcenter.demo.packs.travel.models import Booking, City, Flight, Sight

SIGHTS: Final = Path(__file__).parent / "sights.jsonl"
DAILY: Final = "0123456"
# slug, name, in Chinese, airport, zone, in Asia, best months (both languages), getting about
CITIES: Final = (
    ("hamburg", "Hamburg", "汉堡", "HAM", "Europe/Berlin", False, "", "", "", ""),
    ("berlin", "Berlin", "柏林", "BER", "Europe/Berlin", False, "", "", "", ""),
    ("lisbon", "Lisbon", "里斯本", "LIS", "Europe/Lisbon", False,
     "April to June, September, October", "4–6 月、9–10 月",
     "A 24-hour ticket for metro, trams and ferries pays from the fourth ride on.",
     "地铁、电车、渡轮 24 小时票，坐四次以上就划算。"),
    ("barcelona", "Barcelona", "巴塞罗那", "BCN", "Europe/Madrid", False,
     "May, June, September, October", "5–6 月、9–10 月",
     "Ten rides on one card are cheapest; the airport needs a ticket of its own.",
     "十次卡最便宜，机场线需单独购票。"),
    ("rome", "Rome", "罗马", "FCO", "Europe/Rome", False,
     "April, May, September, October", "4–5 月、9–10 月",
     "Most of it is best on foot; the train from the airport takes 32 minutes.",
     "大多适合步行，机场火车 32 分钟。"),
    ("athens", "Athens", "雅典", "ATH", "Europe/Athens", False,
     "April to June, September, October", "4–6 月、9–10 月",
     "The metro goes from the airport to the centre in 40 minutes.",
     "机场地铁 40 分钟到市中心。"),
    ("oslo", "Oslo", "奥斯陆", "OSL", "Europe/Oslo", False,
     "June to August; February for skiing", "6–8 月；滑雪 2 月",
     "One ticket is good for underground, trams and the island ferries.",
     "一张票可坐地铁、电车和海岛渡轮。"),
    ("reykjavik", "Reykjavik", "雷克雅未克", "KEF", "Atlantic/Reykjavik", False,
     "June to August; October to March for northern lights", "6–8 月；极光 10–3 月",
     "The town is walked in half an hour; take buses for the sights outside.",
     "城里半小时走遍，城外景点坐巴士。"),
    ("beijing", "Beijing", "北京", "PEK", "Asia/Shanghai", True,
     "April, May, September, October", "4–5 月、9–10 月",
     "The underground is quick and cheap; book the big sights days ahead with your passport.",
     "地铁快捷便宜，热门景点提前几天实名预约。"),
    ("tokyo", "Tokyo", "东京", "HND", "Asia/Tokyo", True,
     "late March to May, October, November", "3 月下旬–5 月、10–11 月",
     "A rechargeable card works in all trains and in most shops.",
     "充值交通卡可坐所有电车，多数商店也能用。"),
)  # fmt: skip
# number of the way there (the way back is one more), from, to, leaves, minutes, back leaves, days, price
ROUTES: Final = (
    (101, "hamburg", "lisbon", "07:10", 205, "12:00", DAILY, 89),
    (103, "hamburg", "lisbon", "16:40", 205, "21:00", DAILY, 99),
    (111, "hamburg", "barcelona", "06:50", 165, "10:40", DAILY, 79),
    (113, "hamburg", "barcelona", "17:20", 165, "21:05", DAILY, 89),
    (121, "hamburg", "rome", "08:30", 145, "12:10", DAILY, 85),
    (123, "hamburg", "rome", "18:05", 145, "21:20", DAILY, 92),
    (131, "hamburg", "athens", "09:20", 200, "14:10", DAILY, 109),
    (141, "hamburg", "oslo", "10:15", 95, "12:40", DAILY, 69),
    (151, "hamburg", "reykjavik", "13:30", 220, "17:00", "0246", 149),
    (161, "hamburg", "beijing", "14:20", 595, "02:40", "135", 489),
    (171, "hamburg", "tokyo", "11:50", 730, "10:25", "035", 629),
    (201, "berlin", "lisbon", "08:00", 220, "13:10", DAILY, 95),
    (211, "berlin", "barcelona", "07:35", 165, "11:30", DAILY, 82),
    (221, "berlin", "rome", "09:10", 130, "12:30", DAILY, 79),
    (261, "berlin", "beijing", "15:05", 580, "03:20", "26", 499),
)  # fmt: skip
CUSTOMERS: Final = (
    ("Nora Lindqvist", "nora.lindqvist@example.com"),
    ("张晓云", "zhang.xiaoyun@example.com"),
    ("David Okoye", "david.okoye@example.com"),
    ("Lena Hoffmann", "lena.hoffmann@example.com"),
    ("吴昊", "wu.hao@example.com"),
    ("Carlos Mendes", "carlos.mendes@example.com"),
    ("Ingrid Solberg", "ingrid.solberg@example.com"),
    ("Fatima Rahman", "fatima.rahman@example.com"),
    ("孙悦", "sun.yue@example.com"),
    ("George Papadakis", "george.papadakis@example.com"),
)
FIRST_NUMBER: Final = 40_112  # Nora Lindqvist's; the demo page names it
HOW_MANY: Final = 30
THERE_AND_BACK: Final = ("AT-40322", "David Okoye", "david.okoye@example.com", "AT121", "AT124")


def seed(*, at: datetime) -> int:
    """Writes what is missing: cities with their sights, the timetable, bookings; counts the rows."""
    return _cities() + _flights() + _bookings(at=at) + _there_and_back(at=at)


def _cities() -> int:
    known = set(City.objects.values_list("slug", flat=True))
    sights = [json.loads(line) for line in SIGHTS.read_text(encoding="utf-8").splitlines()]
    made = 0
    for slug, name, zh, airport, zone, far, months, months_zh, around, around_zh in CITIES:
        if slug in known:
            continue
        city = City.objects.create(
            slug=slug,
            name=name,
            name_zh=zh,
            airport=airport,
            zone=zone,
            far=far,
            best_months=months,
            best_months_zh=months_zh,
            around=around,
            around_zh=around_zh,
        )
        own = [Sight(**{**one, "city": city}) for one in sights if one["city"] == slug]
        made += 1 + len(Sight.objects.bulk_create(own))
    return made


def _flights() -> int:
    known = set(Flight.objects.values_list("number", flat=True))
    cities = City.objects.in_bulk(field_name="slug")
    rows = []
    for number, origin, destination, leaves, minutes, back, days, price in ROUTES:
        seats = 210 if cities[destination].far else 144
        # Against the wind it takes a little longer; who leaves Asia at night leaves a day later.
        later = "".join(sorted(str((int(d) + 1) % 7) for d in days)) if seats == 210 else days
        for n, a, b, leaving, duration, flies in (
            (number, origin, destination, leaves, minutes, days),
            (number + 1, destination, origin, back, minutes + 10, later),
        ):
            if f"AT{n}" not in known:
                rows.append(
                    Flight(
                        number=f"AT{n}",
                        origin=cities[a],
                        destination=cities[b],
                        leaves=time.fromisoformat(leaving),
                        minutes=duration,
                        weekdays=flies,
                        price=price,
                        seats=seats,
                    )
                )
    return len(Flight.objects.bulk_create(rows))


def _bookings(*, at: datetime) -> int:
    known = set(Booking.objects.values_list("number", flat=True))
    lines = {one.number: one for one in Flight.objects.select_related("origin", "destination")}
    outward = [lines[f"AT{route[0]}"] for route in ROUTES if f"AT{route[0]}" in lines]
    dice = random.Random(FIRST_NUMBER)
    made = 0
    for place in range(HOW_MANY):
        line = outward[0] if place == 0 else dice.choice(outward)
        ahead = 45 if place == 0 else dice.randint(20, 150)
        fare = "classic" if place == 0 else dice.choice(Booking.Fare.values)
        travellers = 2 if place == 0 else dice.randint(1, 4)
        booked_at = at - timedelta(days=dice.randint(3, 40))
        number = f"AT-{FIRST_NUMBER + place * 7}"
        if number in known:
            continue
        day = _flying(line, at.date() + timedelta(days=ahead))
        far = line.origin.far or line.destination.far
        each = fares.price_each(line.price, fare, far=far, day=day, today=booked_at.date())
        name, email = CUSTOMERS[place % len(CUSTOMERS)]
        Booking.objects.create(
            number=number,
            name=name,
            email=email,
            flight=line,
            day=day,
            travellers=travellers,
            fare=fare,
            price=Decimal(each * travellers),
            booked_at=booked_at,
        )
        made += 1
    return made


def _there_and_back(*, at: datetime) -> int:
    """Two for a week in Rome, Classic."""
    number, name, email, there, back = THERE_AND_BACK
    lines = {one.number: one for one in Flight.objects.filter(number__in=(there, back))}
    if len(lines) < 2 or Booking.objects.numbered(number).exists():
        return 0
    booked_at, day = at - timedelta(days=9), at.date() + timedelta(days=60)
    back_day = day + timedelta(days=7)
    price, back_price = (
        2 * fares.price_each(lines[one].price, "classic", far=False, day=on, today=booked_at.date())
        for one, on in ((there, day), (back, back_day))
    )
    Booking.objects.create(
        number=number,
        name=name,
        email=email,
        flight=lines[there],
        day=day,
        back_flight=lines[back],
        back_day=back_day,
        travellers=2,
        fare="classic",
        price=price + back_price,
        back_price=back_price,
        booked_at=booked_at,
    )
    return 1


def _flying(line: Flight, day: date) -> date:
    """That day or the next one on which it flies."""
    return next(d for d in (day + timedelta(days=n) for n in range(7)) if line.flies_on(d))
