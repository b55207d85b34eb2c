"""Before training: examples that are clean, different and short enough, split, and as the model will read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bots.language.model import Turn
from bots.language.prompt import as_chat
from bots.language.tokens import Tokens, prompt_of
from bots.language.weights import model_folder
from bots.progress import Progress
from bots.training.cleaning import Cleaned, cleaned, passage_of
from bots.training.duplicates import without_duplicates
from bots.training.examples import Example, Problem
from bots.training.split import FEWEST, Split, split

LONGEST = 700  # tokens of a prompt and its answer: the model reads 768


class NothingToLearn(Exception):
    """Too few lines are usable; `problems` say why of each."""

    def __init__(self, usable: int, problems: Sequence[Problem]) -> None:
        super().__init__(f"{usable} lines are usable; at least {FEWEST} are needed.")
        self.problems = problems


@dataclass(frozen=True)
class Wanted:
    """How and where. `spec`, `device` and `cache_dir` name the model as for `loader.language_model`;
    `minutes` bounds the computing (0: no limit); `licence` and `source` are for the card."""

    out: Path
    spec: str
    device: str
    cache_dir: Path
    source: str
    licence: str = ""
    seed: int = 7
    rank: int = 8
    epochs: int = 3
    batch: int = 8
    minutes: float = 0
    as_written: bool = False

    @property
    def work(self) -> Path:
        return self.out.with_name(f".{self.out.name}.training")


@dataclass(frozen=True)
class Prepared:
    """Examples that are clean, different and short enough, and the way in which they are split."""

    parts: Split
    problems: list[Problem]
    lines: int
    cut: int
    hidden: int
    prompts: dict[int, tuple[list[int], list[int]]] = field(repr=False)

    @property
    def usable(self) -> int:
        return len(self.parts.train) + len(self.parts.watch) + len(self.parts.held_out)


def prepare(examples: Sequence[Example], problems: Sequence[Problem], wanted: Wanted) -> Prepared:
    """Raises `NothingToLearn`, or `ModelUnavailable` when the model is not to be had."""
    folder = model_folder(wanted.spec, wanted.cache_dir)
    languages = None if wanted.spec else frozenset({"en"})
    with Progress("Reading", 2 * len(examples)) as bar:
        clean = cleaned(
            examples, languages=languages, as_written=wanted.as_written, progress=bar.step
        )
        different, same = without_duplicates(clean.examples, bar.step)
    kept, prompts, long = _fitting(different, Tokens(folder))
    found = sorted([*problems, *clean.problems, *same, *long], key=lambda one: one.line)
    if len(kept) < FEWEST:
        raise NothingToLearn(len(kept), found)
    return _split(kept, prompts, found, clean, len(examples) + len(problems), wanted.seed)


def _split(
    kept: Sequence[Example],
    prompts: dict[int, tuple[list[int], list[int]]],
    problems: list[Problem],
    clean: Cleaned,
    lines: int,
    seed: int,
) -> Prepared:
    parts = split(kept, seed=seed)
    if not (parts.train and parts.watch and parts.held_out):
        raise NothingToLearn(
            0, [*problems, Problem(0, "split", "All lines are of too few conversations.")]
        )
    return Prepared(parts, problems, lines, clean.cut, clean.hidden, prompts)


def _fitting(
    examples: Sequence[Example], tokens: Tokens
) -> tuple[list[Example], dict[int, tuple[list[int], list[int]]], list[Problem]]:
    """Each as the model will read it: the very prompt of service, and the answer with its end."""
    kept, prompts, problems = [], {}, []
    end = [tokens.end] if tokens.end is not None else []
    for one in examples:
        passage = passage_of(one)
        chat = as_chat([Turn("customer", one.question)], [passage], passage.language)
        prompt, answer = prompt_of(tokens, chat)[0], [*tokens.encode(one.answer), *end]
        if len(prompt) + len(answer) > LONGEST:
            said = f"Question, context and answer are longer than {LONGEST} tokens."
            problems.append(Problem(one.line, "long", said))
            continue
        kept.append(one)
        prompts[one.line] = (prompt, answer)
    return kept, prompts, problems
