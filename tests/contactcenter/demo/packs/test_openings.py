"""The first words of each conversation test, and of each simulated customer, begin their procedure, read by the
encoders that answer customers."""

from datetime import date
from pathlib import Path

import pytest

from benchmarks.beginnings import Vectors, learnt, packs
from bots.actions.procedures.selecting import mended
from bots.behaviour.keywords import said_first
from bots.knowledge.text import language_of
from bots.knowledge.vectors import encoders
from bots.procedures.customers import openings
from bots.procedures.matching import Candidate, Read
from bots.procedures.reading import read
from bots.procedures.stories import read_tests
from contactcenter.demo.packs.pack import HERE

pytestmark = pytest.mark.model


class Keyword:
    def __init__(self, words: str, key: str) -> None:
        self.words, self.key = words, key


def test_each_first_line_begins_its_procedure_at_once(tmp_path: Path) -> None:
    assert wrongly_begun(tmp_path / "vectors") == []


def wrongly_begun(file: Path) -> list[tuple[object, ...]]:
    """(procedure, first line, what began instead, its score, what came as near)."""
    encoders()
    known = Vectors(file)
    wrong: list[tuple[object, ...]] = []
    for pack in packs():
        matcher = learnt(pack, known)
        like = [Candidate(n, shape, None, None) for n, shape in enumerate(pack.shapes)]
        files = sorted((HERE / pack.name / "procedures").glob("*.tests.yaml"))
        both = [(one.with_name(one.name.replace(".tests", "")), one) for one in files]
        every = [(read(one.read_text("utf-8")), its.read_text("utf-8")) for one, its in both]
        keywords = [Keyword(w, one.key) for one, _ in every for w in one.when.keywords]
        for procedure, text_of_tests in every:
            tests = read_tests(text_of_tests, procedure)
            lines = [one.turns[0].customer for one in tests.stories]
            for goal in tests.goals:
                lines += [said for _, said in openings(procedure, goal, today=date(2026, 5, 4))]
            for said in dict.fromkeys(lines):
                text = mended(said, like)
                keyword = said_first(keywords, text)
                asked = known.of([(language_of(text, otherwise="en"), text)])
                match = matcher.match(text, Read(asked.every, asked.english))
                begun = keyword.key if keyword else match and match.candidate.procedure.key
                sure = keyword or (match and match.is_sure and not match.others)
                if begun != procedure.key or not sure:
                    others = [one.procedure.key for one in match.others] if match else []
                    wrong.append((procedure.key, said, begun, match and match.score, others))
    return wrong
