"""Which articles did the work, and which are missing."""

from django.urls import reverse

from analytics.recall import recall
from analytics.reports.knowledge import Cited, Knowledge, knowledge
from analytics.reports.scope import Scope
from analytics.sections.parts import Cell, Links, Section, Table
from analytics.words import counted, number


def knowledge_section(scope: Scope, links: Links) -> Section:
    found = recall(knowledge, scope)
    return Section(
        slug="knowledge",
        title=_knowledge_title(found),
        note="Questions that the bot handed over because it was unsure or failed: the articles "
        "that are missing.",
        tables=(
            Table(
                "What the bot found",
                ("", "Questions"),
                (
                    (
                        Cell("Answered from articles"),
                        links.count(found.answered, "knowledge.answered"),
                    ),
                    (
                        Cell("Not answered, handed over"),
                        links.count(found.unanswered, "knowledge.unanswered"),
                    ),
                ),
            ),
            Table(
                "Articles cited most",
                ("Article", "Answers", "Conversations"),
                tuple(_article_row(one, links) for one in found.top),
            ),
        ),
    )


def _knowledge_title(found: Knowledge) -> str:
    if not found.turns and not found.unanswered:
        return "The bot was asked nothing"
    if not found.unanswered:
        return "Every question found an article"
    return f"{counted(found.unanswered, 'question', 'questions')} found no article"


def _article_row(one: Cited, links: Links) -> tuple[Cell, ...]:
    if one.article_id is None:
        name = Cell(one.key, why="This article is not there any more.")
    else:
        name = Cell(
            one.title or one.key, reverse("admin:bots_article_change", args=[one.article_id])
        )
    return (
        name,
        Cell(number(one.answers), links.to("knowledge.cited", one.key)),
        links.count(one.conversations, "knowledge.cited", one.key),
    )
