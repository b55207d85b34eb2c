"""What recommending was worth in a period, as its own room counts it."""

from agents.recommendations.reads.worth import Worth, worth
from analytics.reports.scope import Scope


def recommendations(scope: Scope) -> Worth:
    return worth(since=scope.period.start, until=scope.period.end, inbox_id=scope.inbox_id)
