"""How much came in."""

from analytics.recall import recall
from analytics.reports.scope import Scope
from analytics.reports.volume import volume
from analytics.sections.parts import Cell, Chart, Links, Section, Series, Table, compared, labels_of
from analytics.words import counted, number, parts_apart, sentence


def volume_section(scope: Scope, links: Links) -> Section:
    now, before = recall(volume, scope), recall(volume, scope.previous())
    title = sentence(
        [
            counted(now.written, "conversation", "conversations"),
            parts_apart(now.written, before.written),
        ]
    )
    return Section(
        slug="volume",
        title=title,
        note=f"In which the customer wrote something; {number(now.opened)} chats were opened.",
        chart=Chart(
            kind="bar",
            unit="count",
            labels=labels_of((p.at for p in now.points), scope.period.bucket),
            series=(
                Series("Conversations", tuple(p.written for p in now.points)),
                Series(
                    "The period before",
                    compared(now.points, tuple(p.written for p in before.points)),
                    before=True,
                ),
            ),
            text=f"Conversations that began, over time. {title}.",
        ),
        tables=(
            Table(
                "Conversations",
                ("", "Now", "Before"),
                (
                    (
                        Cell("The customer wrote"),
                        links.count(now.written, "volume.written"),
                        Cell(number(before.written)),
                    ),
                    (
                        Cell("Opened"),
                        links.count(now.opened, "volume.opened"),
                        Cell(number(before.opened)),
                    ),
                ),
            ),
            _split("By inbox", now.by_inbox, before.by_inbox, links, "inbox"),
            _split("By language", now.by_language, before.by_language, links, "language"),
            Table(
                "By hour of the day",
                ("Hour", "Conversations"),
                tuple(
                    (Cell(f"{hour:02}:00"), links.count(n, "volume.hour", str(hour)))
                    for hour, n in enumerate(now.by_hour)
                ),
                folded=True,
            ),
        ),
    )


def _split(
    caption: str, now: dict[str, int], before: dict[str, int], links: Links, by: str
) -> Table:
    return Table(
        caption,
        ("", "Now", "Before"),
        tuple(
            (Cell(key), links.count(n, f"volume.{by}", key), Cell(number(before.get(key, 0))))
            for key, n in now.items()
        ),
    )
