"""Are articles that say the same found, and only those? Two of each intent of a public set, compared by the product.

    DATA_DIR=DIR script/manage shell -c "from benchmarks.duplicates import main; main()"

Bitext's requests and answers of a shop (public part): each of its intents becomes two articles that share no
sentence; one has the intent's name as its title, the other a request; both have four requests of their own
and an answer of their own. The two of one intent say the same, those of two intents do not: so many pairs
are reported, so many of them rightly. It replaces the articles of a benchmark, and refuses others.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from typing import Any

from django.utils import timezone

from benchmarks import sets
from benchmarks.fit_confidence import PREFIX, install
from bots.actions.neighbours import compare_new
from bots.knowledge.vectors import encoders_for_many
from bots.learning.duplicates import ALIKE
from bots.models import Article, ArticleCheck, ArticlePair

EACH = 5  # requests of each article, its title included
SEED = 5


def articles() -> list[dict[str, Any]]:
    dice = random.Random(SEED)
    rows: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in sets.rows("intent/bitext_qa_responses.csv.gz"):
        if row["part"] == "public":
            rows[row["intent"]].append((row["text"], row["response"]))
    found = []
    for intent, asked in sorted(rows.items()):
        dice.shuffle(asked)
        for copy in range(2):
            mine = asked[copy * EACH : (copy + 1) * EACH]
            texts = [text for text, _ in mine]
            title = texts[0] if copy else intent.replace("_", " ").capitalize()
            found.append(
                {
                    "id": f"{PREFIX}{intent}/{copy}",
                    "title": title,
                    "body": mine[0][1],
                    "of": texts[1:],
                }
            )
    return found


def main() -> None:
    made = articles()
    names = install(made, encoders_for_many())
    at = timezone.now()
    ArticleCheck.objects.all().delete()
    while compare_new(at=at):
        pass
    told: Counter[tuple[str, bool]] = Counter()
    for pair in ArticlePair.objects.all():
        one, other = (names[key].rsplit("/", 1)[0] for key in (pair.first_id, pair.second_id))
        told[pair.kind, one == other] += 1
        if one != other:
            print(f"  {pair.kind} {pair.score:.2f}: {one[len(PREFIX) :]}, {other[len(PREFIX) :]}")
    right, wrong = told["duplicate", True], told["duplicate", False]
    intents = len(made) // 2
    print(f"likeness from {ALIKE}: {right + wrong} pairs reported, {right} rightly, of {intents}; "
          f"to disagree: {told['contradiction', True]} of one intent, {told['contradiction', False]} others")  # fmt: skip
    Article.objects.filter(external_id__startswith=PREFIX).delete()
