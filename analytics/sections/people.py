"""Who did the work."""

from analytics.recall import recall
from analytics.reports.people import Work, people
from analytics.reports.scope import Scope
from analytics.sections.parts import Cell, Links, Section, Table, known
from analytics.words import counted, duration, score


def people_section(scope: Scope, links: Links) -> Section:
    work = recall(people, scope)
    handled = sum(one.handled for one in work)
    busy = sum(1 for one in work if one.handled)
    title = (
        f"{counted(busy, 'agent', 'agents')} took "
        f"{counted(handled, 'conversation', 'conversations')}"
    )
    return Section(
        slug="people",
        title=title if handled else "No agent took a conversation",
        note="Who took a conversation counts as its agent; the survey belongs to whoever had it "
        "last. A conversation that two agents took counts for both.",
        tables=(
            Table(
                "Agents",
                ("Agent", "Took", "Half replied within", "Satisfaction", "Declined", "Missed"),
                tuple(_work_row(one, links) for one in work),
            ),
        ),
    )


def _work_row(one: Work, links: Links) -> tuple[Cell, ...]:
    rated = f" ({counted(one.answers, 'answer', 'answers')})" if one.answers else ""
    return (
        Cell(one.name),
        links.count(one.handled, "people.handled", one.uuid),
        known(
            duration(one.first_reply_p50),
            "They have not written to a customer in this period.",
            links.to("people.handled", one.uuid),
        ),
        known(
            score(one.satisfaction) + rated,
            "No survey of theirs was answered in this period.",
            links.to("people.rated", one.uuid),
        ),
        links.count(one.declined, "people.declined", one.uuid),
        links.count(one.missed, "people.missed", one.uuid),
    )
