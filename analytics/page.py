"""What the page of reports says, top to bottom."""

from collections.abc import Callable, Sequence

from analytics.reports.scope import Scope
from analytics.sections.bot import bot_section
from analytics.sections.calls import calls_section
from analytics.sections.expected import expected_section
from analytics.sections.handoffs import handoffs_section
from analytics.sections.knowledge import knowledge_section
from analytics.sections.parts import Links, Section
from analytics.sections.people import people_section
from analytics.sections.recommendations import recommendations_section
from analytics.sections.responses import responses_section
from analytics.sections.satisfaction import satisfaction_section
from analytics.sections.suggestions import suggestions_section
from analytics.sections.surveys import surveys_section
from analytics.sections.usage import usage_section
from analytics.sections.volume import volume_section
from analytics.sections.waiting import waiting_section

# What a manager asks first comes first.
_SECTIONS: Sequence[Callable[[Scope, Links], Section]] = (
    waiting_section,
    bot_section,
    responses_section,
    satisfaction_section,
    expected_section,
    surveys_section,
    volume_section,
    handoffs_section,
    usage_section,
    knowledge_section,
    people_section,
    suggestions_section,
    calls_section,
    recommendations_section,
)


def sections(scope: Scope, *, inbox: str) -> list[Section]:
    """The reports of a period beside the one before; `inbox` is the key in the links. One that has neither
    chart nor table is about something this house does not do."""
    links = Links(scope, inbox)
    found = (section(scope, links) for section in _SECTIONS)
    return [section for section in found if section.chart or section.tables]
