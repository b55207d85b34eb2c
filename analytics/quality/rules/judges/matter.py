"""Judges of the matter: answered at all, true, in the right language, and written well."""

from __future__ import annotations

import re

from analytics.quality.rules.judges.timing import is_question
from analytics.quality.rules.talk import Part, Span, Verdict, does_not_apply, whole
from bots.language.words import sentences

NEAR = 0.10  # cosine around the middle from which on words speak of a question
_LETTERS = re.compile(r"[^\W\d_]")
_A_FIGURE = re.compile(r"\d")
TOLERATED = 0.02  # share of words that may be misspelt before it is a no


def addresses(part: Part) -> Verdict:
    """What was said after a question is about it, measured by the sentence vectors of retrieval."""
    if part.ground.likeness is None:
        return does_not_apply("No encoder is at hand.")
    near: list[tuple[float, Span]] = []
    for place, line in enumerate(part.lines):
        if not (line.is_for_me and is_question(line.text)):
            continue
        after = [one for one in part.lines[place + 1 :] if one.mine][:3]
        after = [one for one in after if len(one.text) > 8]
        if after:
            likes = part.ground.likeness(line.text, [one.text for one in after])
            best = max(range(len(after)), key=lambda i: likes[i])
            near.append((likes[best], whole(after[best])))
    if not near:
        return does_not_apply("No question had an answer to look at.")
    worst = min(near, key=lambda one: one[0])
    mean = sum(score for score, _ in near) / len(near)
    signal = min(max(0.5 + (mean - NEAR) / 0.5, 0.0), 1.0)
    sure = 0.55 + min(abs(signal - 0.5), 0.4) * 0.8
    return Verdict(
        signal, sure, (worst[1],), "" if signal >= 0.5 else "The words are about something else."
    )


def borne_out(part: Part) -> Verdict:
    """Sentences with figures are held against the articles: those cited, else the nearest ones."""
    checked: list[tuple[float, Span]] = []
    for line in part.mine:
        said = [one for one in sentences(line.text) if _A_FIGURE.search(one) or line.articles]
        if not said:
            continue
        for sentence, held in zip(said, part.ground.borne_out(line, said), strict=True):
            if held is None:
                continue
            start = max(line.text.find(sentence[:40]), 0)
            checked.append(
                (held, Span(line.seq, start, min(start + len(sentence), len(line.text))))
            )
    if not checked:
        return does_not_apply("Nothing that articles speak of.")
    wrong = [span for held, span in checked if held < 0.5]
    signal = 1 - len(wrong) / len(checked)
    if wrong:
        return Verdict(min(signal, 0.49), 0.65, tuple(wrong[:3]), "No article says so.")
    return Verdict(1.0, 0.85, tuple(span for _, span in checked[:2]))


def speaks_their_language(part: Part) -> Verdict:
    """Answers in the language that the customer writes; what is too short to tell does not count."""
    usual = part.language.split("-")[0].lower()
    theirs = "".join(line.text + "\n" for line in part.lines if line.author == "customer")
    if len(_LETTERS.findall(theirs)) < 6:
        return does_not_apply("The customer wrote too little to tell.")
    wanted = part.ground.language_of(theirs, usual)
    wrong = []
    told = 0
    for line in part.mine:
        if len(_LETTERS.findall(line.text)) < 12:
            continue
        told += 1
        if part.ground.language_of(line.text, wanted) != wanted:
            wrong.append(whole(line))
    if not told:
        return does_not_apply("Too little was said to tell.")
    signal = 1 - len(wrong) / told
    return Verdict(
        signal,
        0.9,
        tuple(wrong[:2]) or (whole(part.mine[0]),),
        "" if not wrong else "In another language.",
    )


def spells_well(part: Part) -> Verdict:
    """English words by a dictionary and the house's own words; Chinese by the commonest slips."""
    if part.ground.misspelt is None:
        return does_not_apply("No dictionary for this language.")
    words = 0
    wrong: list[tuple[Span, str]] = []
    for line in part.mine:
        words += len(line.text.split()) if line.text.isascii() else max(len(line.text) // 2, 1)
        wrong += [
            (Span(line.seq, start, end), meant)
            for start, end, meant in part.ground.misspelt(line.text)
        ]
    if words < 8:
        return does_not_apply("Too few words.")
    share = len(wrong) / words
    if share > TOLERATED:
        first = wrong[0][1]
        return Verdict(
            max(0.0, 0.49 - share),
            0.85,
            tuple(one for one, _ in wrong[:3]),
            f"Probably meant: {first}.",
        )
    signal = 1.0 if not wrong else 0.75
    return Verdict(
        signal, 0.85, tuple(one for one, _ in wrong[:2]), f"{len(wrong)} in {words} words."
    )
