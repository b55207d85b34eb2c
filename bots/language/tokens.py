"""Words to numbers and back, and the way a model wants a chat written: from a folder's own files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from time import strftime
from typing import Any, NoReturn

from jinja2 import TemplateError
from jinja2.ext import loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment
from tokenizers import Tokenizer
from tokenizers.decoders import DecodeStream

from bots.language.model import ModelUnavailable
from bots.language.prompt import RULES


class Tokens:
    """Raises `ModelUnavailable` when the folder's files are not usable. Safe for many threads."""

    def __init__(self, folder: Path) -> None:
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            settings = _settings(folder / "tokenizer_config.json")
            self._template = _environment().from_string(_template(folder, settings))
        # The tokenizer's own errors have no other class.
        except Exception as problem:
            raise ModelUnavailable("broken_file", f"{folder} has no usable tokenizer.") from problem
        known = self._tokenizer.get_added_tokens_decoder().values()
        self.marks = sorted((token.content for token in known if token.special), key=len)[::-1]
        self._named = {
            name: _content(settings[name])
            for name in ("bos_token", "eos_token", "pad_token", "unk_token")
            if settings.get(name)
        }

    @property
    def end(self) -> int | None:
        """What the files say ends an answer."""
        found: int | None = self._tokenizer.token_to_id(self._named.get("eos_token", ""))
        return found

    def encode(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    def stream(self) -> TextStream:
        return TextStream(self._tokenizer)

    def rendered(self, chat: list[dict[str, str]]) -> str:
        """The chat as one text that ends where the model begins to speak. The first message is the
        instructions; for a family that knows none apart, they lead the first turn."""
        try:
            return self._rendered(chat)
        except TemplateError:
            first = {"role": "user", "content": f"{chat[0]['content']}\n\n{chat[1]['content']}"}
            return self._rendered([first, *chat[2:]])

    def _rendered(self, chat: list[dict[str, str]]) -> str:
        return self._template.render(messages=chat, add_generation_prompt=True, **self._named)


class TextStream:
    """Tokens in, whole characters out. One per answer."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._stream = DecodeStream(skip_special_tokens=True)

    def step(self, token: int) -> str:
        return self._stream.step(self._tokenizer, token) or ""


def prompt_of(tokens: Tokens, chat: Sequence[dict[str, str]]) -> tuple[list[int], list[int]]:
    """What a model reads, and the lengths of its beginnings that other prompts share.

    Cut where prompts stop being alike, and each part encoded by itself: so they begin alike. Nobody
    writes the marks with which this very model tells whose turn it is.
    """
    plain = [{**one, "content": _without_marks(one["content"], tokens.marks)} for one in chat]
    written = tokens.rendered(plain)
    articles = written.find(plain[0]["content"]) + len(plain[0]["content"])
    rules = written.find(RULES) + len(RULES)
    prompt: list[int] = []
    marks = []
    for part in (written[:rules], written[rules:articles], written[articles:]):
        prompt.extend(tokens.encode(part))
        marks.append(len(prompt))
    return prompt, marks[:2]


def _without_marks(text: str, marks: Sequence[str]) -> str:
    for mark in marks:
        text = text.replace(mark, " ")
    return text


def _settings(file: Path) -> dict[str, Any]:
    settings: dict[str, Any] = json.loads(file.read_text()) if file.is_file() else {}
    return settings


def _template(folder: Path, settings: dict[str, Any]) -> str:
    file = folder / "chat_template.jinja"
    told = file.read_text() if file.is_file() else settings["chat_template"]
    if isinstance(told, list):  # several, by name
        told = next(one["template"] for one in told if one["name"] == "default")
    return str(told)


def _content(token: Any) -> str:
    return str(token["content"] if isinstance(token, dict) else token)


def _environment() -> ImmutableSandboxedEnvironment:
    """As the hub's templates expect it; what they may reach is limited, as they come from elsewhere."""
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols]
    )
    environment.globals["raise_exception"] = _refuse
    environment.globals["strftime_now"] = strftime
    environment.filters["tojson"] = lambda value, **_: json.dumps(value, ensure_ascii=False)
    return environment


def _refuse(message: str) -> NoReturn:
    raise TemplateError(message)
