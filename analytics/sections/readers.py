"""What readers read, what they searched for, and what is missing: for the page of the knowledge base."""

from urllib.parse import urlencode

from django.urls import reverse

from analytics.reports.readers import Readers, Words
from analytics.sections.parts import Cell, Chart, Section, Series, Table
from analytics.words import counted, number, part, parts_apart, sentence


def readers_sections(now: Readers, before: Readers, *, may_write: bool) -> list[Section]:
    """The same whole days now and before. `may_write`: whether missing articles may be begun."""
    return [_read(now, before), _searched(now, before, may_write=may_write), _languages(now)]


def _labels(found: Readers) -> tuple[str, ...]:
    return tuple(f"{one.day.day} {one.day:%b}" for one in found.days)


def _series(now: Readers, before: Readers, name: str) -> tuple[float | None, ...]:
    earlier = tuple(getattr(day, name) for day in before.days)[: len(now.days)]
    return (*earlier, *(None for _ in range(len(now.days) - len(earlier))))


def _read(now: Readers, before: Readers) -> Section:
    views = now.total("views")
    title = sentence(
        [f"Articles were opened {counted(views, 'time', 'times')}",
         parts_apart(views, before.total("views"))]
    ) if views else "Nobody opened an article"  # fmt: skip
    return Section(
        slug="read",
        title=title,
        note="In the help centre and in the chat, each reader once in half an hour; programs, "
        "crawlers and agents are not counted. “Then needed a person”: of those who read it in the "
        "chat, within half an hour.",
        chart=Chart(
            kind="line",
            unit="count",
            labels=_labels(now),
            series=(
                Series("Opened", tuple(day.views for day in now.days)),
                Series("The period before", _series(now, before, "views"), before=True),
            ),
            text=f"Articles opened each day. {title}.",
        ),
        tables=(
            Table(
                "Articles",
                ("Article", "Opened", "Helped", "Then needed a person", "Quoted by the bot"),
                tuple(
                    (
                        Cell(
                            f"{one.title} ({one.language})",
                            reverse("admin:bots_article_change", args=[one.pk]),
                        ),
                        Cell(number(one.views)),
                        Cell(
                            f"{one.votes_for} of {one.votes}" if one.votes else "–",
                            why="" if one.votes else "Nobody voted in this period.",
                        ),
                        Cell(number(one.asked)),
                        Cell(number(one.cited)),
                    )
                    for one in now.articles
                ),
            ),
        ),
    )


def _searched(now: Readers, before: Readers, *, may_write: bool) -> Section:
    searches, empty = now.total("searches"), now.total("empty")
    title = sentence(
        [f"{part(empty, searches)} of {counted(searches, 'search', 'searches')} found nothing",
         parts_apart(searches, before.total("searches"))]
    ) if searches else "Nobody searched"  # fmt: skip
    return Section(
        slug="searched",
        title=title,
        note="Words are kept for a year, without personal data: cards, numbers, addresses and the "
        "like are replaced before anything is stored.",
        chart=Chart(
            kind="line",
            unit="count",
            labels=_labels(now),
            series=(
                Series("Searches", tuple(day.searches for day in now.days)),
                Series("Found nothing", tuple(day.empty for day in now.days)),
                Series("Nothing was opened", tuple(day.unopened for day in now.days)),
            ),
            text=f"Searches each day. {title}.",
        ),
        tables=(
            Table(
                "Searches that found nothing",
                ("Words", "Found nothing", "Searches", *(("",) if may_write else ())),
                tuple(
                    (
                        Cell(one.words),
                        Cell(number(one.empty)),
                        Cell(number(one.searches)),
                        *((_write(one),) if may_write else ()),
                    )
                    for one in now.empty
                ),
            ),
            Table(
                "Searches of which nothing was opened",
                ("Words", "Nothing opened", "Searches"),
                tuple(
                    (Cell(one.words), Cell(number(one.unopened)), Cell(number(one.searches)))
                    for one in now.unopened
                ),
                folded=True,
            ),
        ),
    )


def _write(one: Words) -> Cell:
    """The form of a new article, with what was asked in it."""
    said = {"title": one.words[:1].upper() + one.words[1:], "questions": one.words}
    given = urlencode({**said, "language": one.language})
    return Cell("Write this article", f"{reverse('admin:bots_article_add')}?{given}")


def _languages(now: Readers) -> Section:
    known = [one for one in now.languages if one.views or one.searches]
    return Section(
        slug="languages",
        title=f"Readers of {counted(len(known), 'language', 'languages')}"
        if known
        else "No readers",
        note="The language that readers asked for, whatever the article's is.",
        tables=(
            Table(
                "Languages",
                ("Language", "Opened", "Searches", "Found nothing"),
                tuple(
                    (
                        Cell(one.language or "–"),
                        Cell(number(one.views)),
                        Cell(number(one.searches)),
                        Cell(number(one.empty)),
                    )
                    for one in known
                ),
            ),
        ),
    )
