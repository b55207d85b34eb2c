"""How much of the bot was used, and where it had to do with less."""

from analytics.recall import recall
from analytics.reports.scope import Scope
from analytics.reports.usage import usage
from analytics.sections.parts import Cell, Chart, Links, Section, Series, Table, labels_of
from analytics.words import counted, number, parts_apart, sentence

_LESS = {
    "shorter": "Shorter, because the model was busy",
    "quote": "A quote, because the model was busy or gone",
    "person": "None, because there was no time",
}


def usage_section(scope: Scope, links: Links) -> Section:
    now, before = recall(usage, scope), recall(usage, scope.previous())
    title = sentence(
        [
            f"The bot gave {counted(now.answers, 'answer', 'answers')}",
            parts_apart(now.answers, before.answers),
        ]
    )
    return Section(
        slug="usage",
        title=title if now.answers else "The bot gave no answers",
        note="Answers and questions back. The limits of each inbox are in its bot's profile; their"
        " days begin at midnight UTC.",
        chart=Chart(
            kind="bar",
            unit="count",
            labels=labels_of((p.at for p in now.points), scope.period.bucket),
            series=(
                Series("Answers", tuple(p.answers for p in now.points)),
                Series("In the model's words", tuple(p.by_model for p in now.points)),
                Series("A person was asked for", tuple(p.handoffs for p in now.points)),
            ),
            text=f"Answers of the bot over time. {title}.",
        ),
        tables=(
            Table(
                "By inbox",
                ("", "Answers", "By the model", "Beyond a quota", "Tokens", "Persons asked for"),
                tuple(
                    (
                        Cell(line.inbox),
                        links.count(line.answers, "usage.inbox", line.inbox),
                        Cell(number(line.by_model)),
                        Cell(number(line.beyond)),
                        Cell(number(line.tokens)),
                        Cell(number(line.handoffs)),
                    )
                    for line in now.inboxes
                ),
            ),
            Table(
                "With less than usual",
                ("", "Answers", "Before"),
                tuple(
                    (
                        Cell(words),
                        links.count(now.less.get(step, 0), "usage.less", step),
                        Cell(number(before.less.get(step, 0))),
                    )
                    for step, words in _LESS.items()
                ),
            ),
        ),
    )
