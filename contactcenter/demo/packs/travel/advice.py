"""What to do in a city, half a day at a time."""

from typing import Any

from contactcenter.demo.packs.call import Refusal
from contactcenter.demo.packs.travel.models import City


def itinerary(slug: str, *, days: int, likes: str) -> dict[str, Any]:
    """A plan of half days: what they like first, and every second time something else."""
    city = City.objects.filter(slug=slug).first()
    sights = list(city.sights.all()) if city else []
    if city is None or not sights:
        raise Refusal("no_advice", "We know too little about that city.", status=404)
    liked = [one for one in sights if one.likes == likes]
    others = [one for one in sights if one.likes != likes]
    order = liked[:1]
    for n in range(max(len(liked), len(others))):
        order += others[n : n + 1] + liked[n + 1 : n + 2]
    halves = order[: days * 2]
    plan = [
        {"day": n // 2 + 1, "text": _both(halves[n : n + 2], "text"),
         "text_zh": _both(halves[n : n + 2], "text_zh")}
        for n in range(0, len(halves), 2)
    ]  # fmt: skip
    return {
        "city": city.name,
        "city_zh": city.name_zh,
        "plan": plan,
        "enough": len(plan) >= days,
        "months": city.best_months,
        "months_zh": city.best_months_zh,
        "around": city.around,
        "around_zh": city.around_zh,
    }


def _both(halves: list[Any], name: str) -> str:
    ends = "。" if name.endswith("zh") else ". "
    return ends.join(getattr(one, name).rstrip(".。") for one in halves) + ends.rstrip()
