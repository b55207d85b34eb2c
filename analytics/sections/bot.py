"""What the bot settled, and how the rest ended."""

from analytics.recall import recall
from analytics.reports.bot import bot_share
from analytics.reports.scope import Scope
from analytics.sections.parts import Cell, Chart, Links, Section, Series, Table, known
from analytics.words import number, part, percent, points_apart, sentence

_NOBODY_WROTE = "No customer wrote in this period."


_VERDICTS = (
    ("confirmed", "Settled, and the customer said so"),
    ("assumed", "Settled, then silence"),
    ("silent", "Answered, and closed after silence"),
    ("person", "Needed a person"),
    ("unanswered", "Left without an answer"),
    ("unhappy", "Answered, but rated 1 or 2"),
    ("pending", "Being answered now"),
)


def bot_section(scope: Scope, links: Links) -> Section:
    now, before = recall(bot_share, scope), recall(bot_share, scope.previous())
    title = sentence(
        [f"The bot settled {percent(now.share)} alone", points_apart(now.share, before.share)]
    )
    if now.share is None:
        title = "Nobody asked the bot"
    return Section(
        slug="bot",
        title=title,
        note="Counted for the bot only if its answer was the last word and nobody else was "
        "needed. Leaving without an answer is not a success, nor is a conversation that the "
        "bot closed because nobody wrote any more.",
        chart=Chart(
            kind="bar",
            unit="count",
            labels=tuple(words for _, words in _VERDICTS),
            series=(
                Series("This period", tuple(getattr(now, name) for name, _ in _VERDICTS)),
                Series(
                    "The period before",
                    tuple(getattr(before, name) for name, _ in _VERDICTS),
                    before=True,
                ),
            ),
            text=f"How conversations with the bot ended. {title}.",
        ),
        tables=(
            Table(
                "How conversations ended",
                ("", "Conversations", "Share", "Before"),
                tuple(
                    (
                        Cell(words),
                        links.count(getattr(now, name), "bot.verdict", name),
                        known(part(getattr(now, name), now.conversations), _NOBODY_WROTE),
                        Cell(number(getattr(before, name))),
                    )
                    for name, words in _VERDICTS
                ),
            ),
        ),
    )
