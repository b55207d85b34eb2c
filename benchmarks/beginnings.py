"""Which procedure of the demo businesses a first message begins, and which messages begin none.

    script/manage shell -c "from benchmarks.beginnings import run; run()"
    script/manage shell -c "from benchmarks.beginnings import run; run(fit=True)"

*Left out*: each example of a procedure, each `unlike` and each question of an article as if it had not been
written down (exactly, in closed form). *Slips*: each English example left out, with one slip in its first word of
five letters or more, as it is written and as `Slips` mends it from the other examples; and the right words
that it changes. *Others' words*: customers of public intent sets, who know nothing
of our examples: what they want is looked up in the table below, and for what is in neither column
nothing may begin. `fit` prints a table of what the constants of `bots.procedures.matching` could be, by the
left out examples alone.
"""

import json
import pickle
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.sets import rows
from benchmarks.spelling import slipped
from bots.actions.procedures.candidates import read_by_both
from bots.knowledge.text import language_of
from bots.knowledge.vectors import encoders
from bots.procedures import matching
from bots.procedures.comparing import Slips
from bots.procedures.matching import EVERYDAY, Candidate, Matcher, Read, likeness
from bots.procedures.reading import read
from contactcenter.demo.packs.pack import HERE, names

# Of each set: its intents that a procedure is for, and those that leave it open (not counted).
WANTED: dict[str, dict[str, dict[str, str]]] = {
    "banking77": {
        "banking": {
            "lost_or_stolen_card": "bank_block_card",
            "compromised_card": "bank_block_card",
            "pending_transfer": "bank_transfer_status",
            "transfer_not_received_by_recipient": "bank_transfer_status",
        }
    },
    "clinc150": {
        "banking": {
            "balance": "bank_balance",
            "report_lost_card": "bank_block_card",
            "damaged_card": "bank_block_card",
        },
        "retail": {"order_status": "track_order"},
        "restaurant": {
            "restaurant_reservation": "book_table",
            "cancel_reservation": "change_table",
        },
        "travel": {"book_flight": "book_flight", "travel_suggestion": "plan_trip"},
    },
    "bitext_intents_8k": {
        "retail": {"track_order": "track_order", "get_refund": "return_item"},
        "telecom": {"complaint": "telecom_complaint"},
    },
    "hwu64": {"restaurant": {"takeaway_order": "order_food"}},
}
OPEN: dict[str, set[str]] = {
    "banking77": {
        "card_payment_not_recognised", "cash_withdrawal_not_recognised", "card_swallowed",
        "direct_debit_payment_not_recognised", "transfer_timing", "failed_transfer", "receiving_money",
        "balance_not_updated_after_bank_transfer", "balance_not_updated_after_cheque_or_cash_deposit",
        "getting_spare_card", "order_physical_card", "get_physical_card", "verify_my_identity",
        "lost_or_stolen_phone", "request_refund", "card_not_working", "beneficiary_not_allowed",
    },
    "clinc150": {
        "report_fraud", "freeze_account", "transactions", "new_card", "replacement_card_duration", "account_blocked",
        "order", "confirm_reservation", "restaurant_suggestion", "meal_suggestion", "flight_status", "cancel",
        "shopping_list_update", "accept_reservations", "bill_balance", "rewards_balance", "pto_balance", "how_busy",
        "pay_bill", "transfer", "repeat", "oos",
    },
    "bitext_intents_8k": {
        "track_refund", "delivery_period", "cancel_order", "change_order", "place_order", "payment_issue",
        "contact_human_agent", "contact_customer_service", "review",
    },
    "hwu64": {"takeaway_query", "recommendation_locations", "general_repeat", "qa_factoid"},
}  # fmt: skip
MOST = 40  # messages of one intent
FIRST = re.compile(r"\b[A-Za-z]{5,}\b")  # the word that a slip is put into


@dataclass
class Pack:
    """A business: its procedures' texts and its articles' questions, (language, text) each."""

    name: str
    keys: list[str]
    like: list[list[tuple[str, str]]]
    unlike: list[list[tuple[str, str]]]
    questions: list[tuple[str, str]]
    shapes: list[Any]

    @property
    def texts(self) -> list[tuple[str, str]]:
        return [one for part in (*self.like, *self.unlike, self.questions) for one in part]


class Vectors:
    """Read once, kept in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._known: dict[str, tuple[Any, Any]] = (
            pickle.loads(file.read_bytes()) if file.is_file() else {}
        )

    def of(self, texts: Sequence[tuple[str, str]]) -> Read:
        new = [one for one in dict.fromkeys(texts) if one[1] not in self._known]
        if new:
            made = read_by_both([said for _, said in new], [code for code, _ in new])
            for place, (_, said) in enumerate(new):
                self._known[said] = (made.every[place], made.english[place])
            self._file.write_bytes(pickle.dumps(self._known))
        rows = [self._known[said] for _, said in texts]
        return Read(np.array([a for a, _ in rows]), np.array([b for _, b in rows]))


def packs() -> Iterator[Pack]:
    for name in names():
        files = sorted((HERE / name / "procedures").glob("*.yaml"))
        shapes = [
            read(one.read_text(encoding="utf-8")) for one in files if ".tests." not in one.name
        ]
        shapes = [one for one in shapes if one.when.examples]
        articles = HERE / name / "articles.jsonl"
        if not articles.is_file():
            articles = HERE.parent / "articles.jsonl"
        lines = [json.loads(line) for line in articles.read_text(encoding="utf-8").splitlines()]
        asked = [
            (str(one["language"]), said)
            for one in lines
            for said in (one["title"], *one.get("questions", []))
        ]
        everyday = [(language_of(said, otherwise="en"), said) for said in EVERYDAY]
        yield Pack(
            name,
            [one.key for one in shapes],
            [list(one.when.examples) for one in shapes],
            [list(one.when.unlike) for one in shapes],
            [*everyday, *asked],
            shapes,
        )


def learnt(pack: Pack, known: Vectors) -> Matcher:
    candidates = [
        Candidate(place, shape, known.of(like), known.of(unlike) if unlike else None)
        for place, (shape, like, unlike) in enumerate(
            zip(pack.shapes, pack.like, pack.unlike, strict=True)
        )
    ]
    made = Matcher.learn(candidates, known.of(pack.questions))
    assert made is not None
    return made


def left_out(pack: Pack, known: Vectors) -> list[tuple[str, str, str, float, str]]:
    """(kind, text, wanted, score, best) of each text, as if it were not there."""
    rows: list[tuple[str, tuple[str, str], str]] = [
        ("example", said, key)
        for key, like in zip(pack.keys, pack.like, strict=True)
        for said in like
    ]
    rows += [("unlike", said, "") for part in pack.unlike for said in part]
    rows += [("article", said, "") for said in pack.questions]
    given = known.of([said for _, said, _ in rows])
    weights = np.array([matching.STRANGE if kind == "article" else 1.0 for kind, _, _ in rows])
    truth = np.array([[float(key == wanted) for key in pack.keys] for _, _, wanted in rows])
    middle = Read(matching._middle_of(given.every), matching._middle_of(given.english))
    inverse = np.linalg.inv(likeness(given, given, middle) + matching.RIDGE * np.diag(1 / weights))
    scores = truth - (inverse @ truth) / np.diag(inverse)[:, None]
    found = []
    for (kind, (_, said), wanted), row in zip(rows, scores, strict=True):
        place = int(row.argmax())
        how = matching.HOW if matching._HOW.search(said) else 0.0
        found.append((kind, said, wanted, float(row[place]) - how, pack.keys[place]))
    return found


def slips(pack: Pack, known: Vectors) -> tuple[list[tuple[str, str, str, bool]], int, int]:
    """((text, wanted, what began or "", whether it was mended) of each slipped example, twice), and how many
    of how many texts without a slip are changed."""
    own = [(key, said) for key, like in zip(pack.keys, pack.like, strict=True) for said in like]
    strange = [said for part in pack.unlike for said in part]
    given = known.of([*(said for _, said in own), *strange, *pack.questions])
    weights = np.ones(len(given))
    weights[len(own) + len(strange) :] = matching.STRANGE
    truth = np.zeros((len(given), len(pack.keys)))
    for place, (key, _) in enumerate(own):
        truth[place, pack.keys.index(key)] = 1.0
    middle = Read(matching._middle_of(given.every), matching._middle_of(given.english))
    inverse = np.linalg.inv(likeness(given, given, middle) + matching.RIDGE * np.diag(1 / weights))
    all_of_them = inverse @ truth
    words = [said for _, (_, said) in own] + [
        keyword for shape in pack.shapes for keyword in shape.when.keywords
    ]
    dice, found, changed, right = random.Random(pack.name), [], 0, 0
    for place, (key, (code, said)) in enumerate(own):
        better = Slips([*words[:place], *words[place + 1 :]])
        if code == "zh" or not (word := FIRST.search(said)):
            continue
        right += 1
        changed += better.mended(said) != said
        slip = word.group()
        while slip == word.group():
            slip = slipped(word.group(), dice)
        wrong = said[: word.start()] + slip + said[word.end() :]
        rest = all_of_them - np.outer(inverse[:, place], all_of_them[place]) / inverse[place, place]
        for text in (wrong, better.mended(wrong)):
            one = known.of([(code, text)])
            scores = (likeness(one, given, middle) @ rest)[0]
            how = matching.HOW if matching._HOW.search(text) else 0.0
            begun = pack.keys[int(scores.argmax())] if scores.max() - how >= matching.SURE else ""
            found.append((text, key, begun, text != wrong))
    better = Slips(words)
    for code, said in [*strange, *pack.questions]:
        right += code != "zh"
        changed += code != "zh" and better.mended(said) != said
    return found, changed, right


def strangers(pack: str) -> list[tuple[str, str, str]]:
    """(set, message, wanted procedure or "") of the public sets that have something for this business."""
    found = []
    for name, wanted in WANTED.items():
        if pack not in wanted:
            continue
        by_intent: dict[str, list[str]] = {}
        for row in rows(f"intent/{name}.csv.gz"):
            by_intent.setdefault(row["intent"], []).append(row["text"])
        others = {key for one in wanted.values() for key in one} - set(wanted[pack])
        dice = random.Random(name)
        for intent, texts in sorted(by_intent.items()):
            if intent in OPEN[name] or (intent in others and pack != "retail"):
                continue
            few = MOST if intent in wanted[pack] else 6
            chosen = dice.sample(sorted(set(texts)), min(few, len(set(texts))))
            found += [(name, said, wanted[pack].get(intent, "")) for said in chosen]
    return found


def _share(some: int, of: int) -> str:
    return f"{100 * some / max(of, 1):.0f} %"


def run(*, fit: bool = False, show: int = 0, cache: str = "/tmp/beginnings.pickle") -> None:
    """Prints the shares; `show` so many of the worst messages of each kind."""
    encoders()
    known = Vectors(Path(cache))
    made = list(packs())
    if fit:
        _fit(made, known)
        return
    rows = [one for pack in made for one in left_out(pack, known)]
    for kind in ("example", "unlike", "article"):
        some = [one for one in rows if one[0] == kind]
        begun = [one for one in some if one[3] >= matching.SURE]
        offered = [one for one in some if matching.MAYBE <= one[3] < matching.SURE]
        right, near = (sum(r[4] == r[2] for r in part) for part in (begun, offered))
        print(
            f"left out {kind:8} {len(some):5}: right {_share(right, len(some))}, another "
            f"{_share(len(begun) - right, len(some))}, offered right {_share(near, len(some))}, "
            f"offered another {_share(len(offered) - near, len(some))}"
        )
        wrong = [r for r in some if (r[4] != r[2]) == (r[3] >= matching.SURE)]
        for one in sorted(wrong, key=lambda r: -abs(r[3] - matching.SURE))[:show]:
            print("   ", one)
    _slips(made, known, show)
    for pack in made:
        _others(pack, known, show)


def _slips(made: Sequence[Pack], known: Vectors, show: int) -> None:
    rows: list[tuple[str, str, str, bool]] = []
    changed = right_words = 0
    for pack in made:
        found, touched, of = slips(pack, known)
        rows, changed, right_words = rows + found, changed + touched, right_words + of
    for name, some in (("as it is", rows[::2]), ("mended", rows[1::2])):
        right = sum(begun == key for _, key, begun, _ in some)
        another = sum(begun not in {"", key} for _, key, begun, _ in some)
        print(
            f"slips {name:10} {len(some):5}: right {_share(right, len(some))}, another "
            f"{_share(another, len(some))}"
        )
    touched = sum(one[3] for one in rows[1::2])
    print(
        f"slips changed    {touched} of {len(rows) // 2}; texts without a slip {changed} of "
        f"{right_words}"
    )
    for text, key, begun, _ in [r for r in rows[1::2] if r[1] != r[2]][:show]:
        print("   ", text, "|", key, "|", begun)


def _others(pack: Pack, known: Vectors, show: int) -> None:
    asked = strangers(pack.name)
    if not asked:
        return
    matcher = learnt(pack, known)
    read_ = known.of([("en", said) for _, said, _ in asked])
    matches = [
        matcher.match(said, Read(read_.every[n : n + 1], read_.english[n : n + 1]))
        for n, (_, said, _) in enumerate(asked)
    ]
    for name in dict.fromkeys(one for one, _, _ in asked):
        for is_wanted in (True, False):
            some = [
                (said, wanted, match)
                for (of, said, wanted), match in zip(asked, matches, strict=True)
                if of == name and bool(wanted) == is_wanted
            ]
            began = [r for r in some if r[2] and r[2].is_sure]
            right = [r for r in began if r[1] in _keys(r[2])]
            offered = sum(r[2] is not None and not r[2].is_sure for r in some)
            print(
                f"{pack.name:10} {name:18} {'wanted' if is_wanted else 'nothing'} {len(some):4}: "
                f"begins the right one {_share(len(right), len(some))}, another "
                f"{_share(len(began) - len(right), len(some))}, offered {_share(offered, len(some))}"
            )
            missed = [r for r in some if (r in right) != is_wanted and (is_wanted or r in began)]
            for said, wanted, match in missed[:show]:
                print(
                    "    ", said, "|", wanted, "|", match and (_keys(match), round(match.score, 2))
                )


def _keys(match: Any) -> list[str]:
    return [one.procedure.key for one in (match.candidate, *match.others)]


def _fit(made: list[Pack], known: Vectors) -> None:
    for english, steep, ridge, strange in product(
        (0.0, 0.5, 1.0, 2.0), (1.0, 2.0, 3.0), (0.03, 0.1), (0.3, 1.0)
    ):
        matching.ENGLISH, matching.STEEP = english, steep
        matching.RIDGE, matching.STRANGE = ridge, strange
        rows = [one for pack in made for one in left_out(pack, known)]
        none = sorted((r[3] for r in rows if r[0] == "article"), reverse=True)
        line = none[len(none) * 4 // 100]  # 4 of 100 articles' questions begin one
        like = [r for r in rows if r[0] == "example"]
        unlike = [r for r in rows if r[0] == "unlike"]
        begun = [r for r in like if r[3] >= line]
        right = sum(r[4] == r[2] for r in begun)
        print(
            f"{english} {steep} {ridge} {strange} line {line:.3f} right {_share(right, len(like))} another "
            f"{_share(len(begun) - right, len(like))} unlike "
            f"{_share(sum(r[3] >= line for r in unlike), len(unlike))}",
            flush=True,
        )
