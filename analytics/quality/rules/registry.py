"""The judges by name, and which version of them all it is.

A change of what a judge finds is a new version: agreement with people is measured anew for it, and the
report shows both beside each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from analytics.quality.rules.judges import matter, safety, timing, words
from analytics.quality.rules.talk import Part, Verdict

VERSION = 1


@dataclass(frozen=True, slots=True)
class Judge:
    """`ask` is given a part in which its subject has said something. `waits`: what it finds may
    still change a day after the end."""

    title: str
    ask: Callable[[Part], Verdict]
    waits: bool = False


JUDGES: Mapping[str, Judge] = {
    "greets": Judge("Greets", words.greets),
    "introduces": Judge("Says who is speaking", words.introduces),
    "closes": Judge("Says goodbye", words.closes),
    "polite": Judge("Is courteous", words.polite),
    "empathises": Judge("Acknowledges that the customer is unhappy", words.empathises),
    "in_time": Judge("Answers within the centre's targets", timing.in_time),
    "no_silence": Judge("Leaves no question unanswered", timing.no_silence),
    "keeps_promises": Judge("Does what was promised", timing.keeps_promises, waits=True),
    "resolves": Judge("Resolved, and not opened again", timing.resolves, waits=True),
    "writes_up": Judge("Writes up how it ended", timing.writes_up),
    "guards_data": Judge("Guards personal data", safety.guards_data),
    "obeys_the_house": Judge("Keeps to the rules for outgoing messages", safety.obeys_the_house),
    "addresses": Judge("Speaks of what was asked", matter.addresses),
    "borne_out": Judge("Says what the articles say", matter.borne_out),
    "speaks_language": Judge("Speaks the customer's language", matter.speaks_their_language),
    "spells_well": Judge("Spells well", matter.spells_well),
}
