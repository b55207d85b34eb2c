"""What a score comes to: one statement, the only definition of it.

The total is the weighted mean of what counts, 0 to 100. It counts what applies and has a weight; of the
machine's answers only those to questions that are not found unreliable, or that a person has corrected. A
fatal question that counts and was answered with no makes it 0.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

_TOTAL = """
WITH told AS (
    SELECT s.id, q.weight, q.is_fatal, a.value,
        CASE WHEN q.kind = 'scale' THEN (a.value - 1)::float / (q.highest - 1) ELSE a.value END AS share,
        s.by = 'machine' AND NOT a.is_corrected AND r.id IS NOT NULL AS is_out
    FROM quality_score s
    LEFT JOIN quality_answer a ON a.score_id = s.id AND a.value IS NOT NULL
    LEFT JOIN quality_cardquestion q ON q.id = a.question_id
    LEFT JOIN quality_cardversion v ON v.id = s.version_id
    LEFT JOIN quality_reliability r ON r.card_id = v.card_id AND r.code = q.code
        AND r.against = 'people' AND r.state = 'unreliable' AND r.judges = s.judges
    WHERE {where}
), counted AS (
    SELECT id,
        coalesce(bool_or(is_fatal AND value = 0 AND NOT is_out), false) AS fatal,
        sum(weight * share) FILTER (WHERE NOT is_out) / nullif(sum(weight) FILTER (WHERE NOT is_out), 0) AS share,
        count(*) FILTER (WHERE is_out AND weight > 0) AS left_out
    FROM told GROUP BY id
)
UPDATE quality_score s SET
    total = CASE WHEN fatal THEN 0 ELSE round((100 * share)::numeric, 2)::float END,
    is_fatal = fatal, left_out = counted.left_out
FROM counted WHERE counted.id = s.id AND (s.total, s.is_fatal, s.left_out) IS DISTINCT FROM
    (CASE WHEN fatal THEN 0 ELSE round((100 * share)::numeric, 2)::float END, fatal, counted.left_out::smallint)
"""


def add_up(score_ids: Sequence[int]) -> int:
    """Of these; answers how many changed."""
    if not score_ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_TOTAL.format(where="s.id = ANY(%(ids)s)"), {"ids": list(score_ids)})
        return int(cursor.rowcount)


def add_up_card(card_id: int) -> int:
    """Of all that the machine has scored with a card: what is reliable has changed."""
    with connection.cursor() as cursor:
        where = "s.by = 'machine' AND v.card_id = %(card)s"
        cursor.execute(_TOTAL.format(where=where), {"card": card_id})
        return int(cursor.rowcount)
