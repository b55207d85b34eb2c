"""How an article stands, in a word and in a sentence. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal["draft", "scheduled", "live", "changed", "archived"]


@dataclass(frozen=True, slots=True)
class Standing:
    kind: Kind
    word: str
    sentence: str


def standing(
    *,
    state: str,
    version: int,
    has_draft: bool = False,
    publish_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> Standing:
    """`version` is of the text that was published last, 0 if none was."""
    until = f" It is archived on {_said(expires_at)}." if expires_at else ""
    if state == "archived":
        return Standing("archived", "Archived", "Nobody reads it any more. Its versions are kept.")
    if state != "published":
        if publish_at:
            return Standing(
                "scheduled",
                f"Draft, live on {_said(publish_at)}",
                f"Nobody reads it yet. It is published on {_said(publish_at)}.{until}",
            )
        return Standing("draft", "Draft", f"Nobody reads it yet.{until}")
    if not has_draft:
        word = f"Live until {_said(expires_at)}" if expires_at else "Live"
        return Standing("live", word, f"Version {version} is live.{until}")
    if publish_at:
        return Standing(
            "changed",
            f"Live, changes on {_said(publish_at)}",
            f"Readers and the bot have version {version}; the draft below becomes live on"
            f" {_said(publish_at)}.{until}",
        )
    return Standing(
        "changed",
        "Live, with changes",
        f"Readers and the bot have version {version}; the draft below is not live.{until}",
    )


def _said(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
