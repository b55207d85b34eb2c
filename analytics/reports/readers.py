"""What readers of the help centre and of the chat's reader did, and what they did not find."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, LiteralString

from django.utils import timezone

from analytics.reports.scope import Scope, rows

MOST = 20
_SPAN: LiteralString = """
    day >= %(first)s AND day <= %(last)s
    AND (%(language)s::text IS NULL OR split_part(lower(language), '-', 1) = %(language)s)
"""
_VIEWS: LiteralString = (
    "SELECT day, sum(views)::int AS views FROM bots_articleday WHERE " + _SPAN + " GROUP BY 1"
)
_SEARCHES: LiteralString = (
    "SELECT day, sum(searches)::int AS searches, sum(empty)::int AS empty,"
    " sum(greatest(searches - empty - opened, 0))::int AS unopened"
    " FROM bots_searchday WHERE " + _SPAN + " GROUP BY 1"
)
_WORDS: LiteralString = (
    "SELECT words, split_part(lower(language), '-', 1) AS language,"
    " sum(searches)::int AS searches, sum(empty)::int AS empty, sum(opened)::int AS opened"
    " FROM bots_searchday WHERE words <> '' AND " + _SPAN + " GROUP BY 1, 2"
)
_EMPTY: LiteralString = (
    "WITH w AS (" + _WORDS + ") SELECT * FROM w WHERE empty > 0"
    " ORDER BY empty DESC, words LIMIT %(most)s"
)
_UNOPENED: LiteralString = (
    "WITH w AS (" + _WORDS + ") SELECT * FROM w WHERE searches > empty + opened"
    " ORDER BY searches - empty - opened DESC, words LIMIT %(most)s"
)
_LANGUAGES: LiteralString = """
SELECT language, sum(views)::int AS views, sum(searches)::int AS searches, sum(empty)::int AS empty
FROM (
    SELECT split_part(lower(language), '-', 1) AS language, views, 0 AS searches, 0 AS empty
    FROM bots_articleday WHERE day >= %(first)s AND day <= %(last)s
    UNION ALL
    SELECT split_part(lower(language), '-', 1), 0, searches, empty
    FROM bots_searchday WHERE day >= %(first)s AND day <= %(last)s
) AS each GROUP BY 1 ORDER BY 2 DESC, 1
"""
_ARTICLES: LiteralString = (
    "WITH seen AS (SELECT article_id, sum(views)::int AS views, sum(asked)::int AS asked"
    " FROM bots_articleday WHERE "
    + _SPAN
    + """
    GROUP BY 1
), voted AS (
    SELECT v.article_id, count(*)::int AS votes, (count(*) FILTER (WHERE t.helpful))::int AS votes_for
    FROM bots_vote t JOIN bots_version v ON v.id = t.version_id
    WHERE t.at >= %(start)s AND t.at < %(end)s GROUP BY 1
), cited AS (
    SELECT article.key, count(*)::int AS cited
    FROM conversations_event e CROSS JOIN LATERAL jsonb_array_elements_text(
        CASE jsonb_typeof(e.data->'articles') WHEN 'array' THEN e.data->'articles' ELSE '[]' END
    ) AS article(key)
    WHERE e.kind = 'bot_answered' AND e.data->>'decision' = 'answer'
        AND e.created_at >= %(start)s AND e.created_at < %(end)s
    GROUP BY 1
)
SELECT a.id AS pk, a.uuid::text AS id, a.title, a.language, coalesce(views, 0) AS views,
    coalesce(asked, 0) AS asked, coalesce(votes, 0) AS votes, coalesce(votes_for, 0) AS votes_for,
    coalesce(cited, 0) AS cited
FROM bots_article a
LEFT JOIN seen ON seen.article_id = a.id
LEFT JOIN voted ON voted.article_id = a.id
LEFT JOIN cited ON cited.key = a.uuid::text
WHERE (views IS NOT NULL OR votes IS NOT NULL OR cited IS NOT NULL)
    AND (%(language)s::text IS NULL OR split_part(lower(a.language), '-', 1) = %(language)s)
ORDER BY coalesce(views, 0) DESC, coalesce(cited, 0) DESC, a.id LIMIT %(most)s
"""
)


@dataclass(frozen=True, slots=True)
class Day:
    """`unopened`: searches that found something of which nothing was opened."""

    day: date
    views: int = 0
    searches: int = 0
    empty: int = 0
    unopened: int = 0


@dataclass(frozen=True, slots=True)
class Words:
    """Searched words, folded and without personal data."""

    words: str
    language: str
    searches: int
    empty: int
    opened: int

    @property
    def unopened(self) -> int:
        return max(self.searches - self.empty - self.opened, 0)


@dataclass(frozen=True, slots=True)
class Read:
    """An article. `asked`: its readers in the chat who needed a person within half an hour;
    `cited`: answers of the bot that quote it."""

    pk: int
    id: str
    title: str
    language: str
    views: int
    asked: int
    votes: int
    votes_for: int
    cited: int


@dataclass(frozen=True, slots=True)
class InLanguage:
    language: str
    views: int
    searches: int
    empty: int


@dataclass(frozen=True, slots=True)
class Readers:
    days: tuple[Day, ...]
    articles: tuple[Read, ...]
    empty: tuple[Words, ...]
    unopened: tuple[Words, ...]
    languages: tuple[InLanguage, ...]

    def total(self, name: str) -> int:
        return sum(getattr(day, name) for day in self.days)


def readers(scope: Scope, *, language: str = "") -> Readers:
    """Whole days of the centre's own time zone, of readers of one language or of all ("")."""
    zone = timezone.get_default_timezone()
    first, last = scope.period.start.astimezone(zone).date(), scope.period.last_day
    given = {"first": first, "last": last, "language": language or None, "most": MOST}
    counted: dict[date, dict[str, Any]] = {
        first + timedelta(days=n): {} for n in range((last - first).days + 1)
    }
    for row in (*rows(_VIEWS, scope, given), *rows(_SEARCHES, scope, given)):
        counted[row.pop("day")] |= row
    return Readers(
        days=tuple(Day(day, **row) for day, row in counted.items()),
        articles=tuple(Read(**row) for row in rows(_ARTICLES, scope, given)),
        empty=tuple(Words(**row) for row in rows(_EMPTY, scope, given)),
        unopened=tuple(Words(**row) for row in rows(_UNOPENED, scope, given)),
        languages=tuple(InLanguage(**row) for row in rows(_LANGUAGES, scope, given)),
    )
