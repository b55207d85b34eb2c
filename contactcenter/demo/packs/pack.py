"""What a demo business is: its names, its page, its inbox. The rest lies in files beside it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Final, TypeAlias

from django.urls import reverse

HERE = Path(__file__).parent
# In the order of the switch on the demo pages. The first is what `seed_demo` opens by itself.
NAMES: Final = ("retail", "banking", "telecom", "health", "travel", "restaurant")
Words: TypeAlias = Mapping[str, str]  # language → text


@dataclass(frozen=True)
class Pack:
    """`tries` are sentences to begin with, `facts` what a visitor may say when asked who they are:
    pairs of a label and a value."""

    name: str
    title: Words
    tagline: Words
    hero: Words
    text: Words
    accent: str
    tries: Mapping[str, Sequence[str]]
    promises: Sequence[tuple[Words, Words]]
    services: Sequence[tuple[Words, Words]]
    facts_text: Words
    facts: Sequence[tuple[Words, Words]]
    mail: str
    phone: str
    caution: float = 1.0
    introduction: Words = field(default_factory=dict)
    own_page: str = ""  # the name of the address, where it has pages of its own
    inbox_key: str = ""
    greeting: Words = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Of its inbox."""
        return self.inbox_key or self.name

    @property
    def url(self) -> str:
        return reverse(self.own_page) if self.own_page else reverse("packs:page", args=[self.name])

    @property
    def folder(self) -> Path:
        return HERE / self.name

    @property
    def appearance(self) -> dict[str, Any]:
        """What its inbox's widget looks like and says."""
        texts: dict[str, dict[str, Any]] = {
            language: {"suggestions": list(said)} for language, said in self.tries.items()
        }
        for name, words in (("greeting", self.greeting), ("introduction", self.introduction)):
            for language, line in words.items():
                texts.setdefault(language, {})[name] = line
        return {"accent": self.accent, "position": "right", "texts": texts}


def names() -> list[str]:
    """All there are, in the order of the switch."""
    return [name for name in NAMES if (HERE / name / "pack.py").is_file()]


def pack_named(name: str) -> Pack:
    """Raises LookupError for a name that is none of ours."""
    if name not in names():
        raise LookupError(name)
    found = import_module(f"contactcenter.demo.packs.{name}.pack").PACK
    assert isinstance(found, Pack)
    return found


def packs() -> list[Pack]:
    return [pack_named(name) for name in names()]


def write_books(name: str, *, at: datetime) -> int:
    """What is missing of the pack's tables, where it has any; how many rows that were."""
    if not (HERE / name / "seed.py").is_file():
        return 0
    seed: Callable[..., int] = import_module(f"contactcenter.demo.packs.{name}.seed").seed
    return seed(at=at)
