"""The street of demo businesses, for the switch on each of their pages."""

from dataclasses import dataclass

from contactcenter.demo.packs.models import Business
from contactcenter.demo.packs.pack import packs


@dataclass(frozen=True)
class House:
    name: str
    title: str
    tagline: str
    url: str
    is_open: bool
    mark: str


def street(language: str) -> list[House]:
    """All there could be, in their order. One with pages of its own is always open."""
    is_open = set(Business.objects.values_list("pack", flat=True))
    return [
        House(
            name=pack.name,
            title=pack.title[language],
            tagline=pack.tagline[language],
            url=pack.url,
            is_open=pack.name in is_open or bool(pack.own_page),
            mark=f"img/packs/{pack.name}.svg",
        )
        for pack in packs()
    ]
