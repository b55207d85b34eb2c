"""Judges of the clock: answers in time, questions left open, promises, and how it ended."""

from __future__ import annotations

import re
from datetime import timedelta

from analytics.quality.rules.talk import Line, Part, Span, Verdict, does_not_apply, whole

KNOWN_AFTER = timedelta(hours=24)  # what was promised, or came back, shows by then
_QUESTION = re.compile(
    r"[?？]\s*$|[?？]"
    r"|^\W*(?:where|when|what|why|how|which|who|whose|can|could|do|does|did|is|are|was|will|would|may|should|have|has)\b(?! (?:a|you)\b(?:.{0,3}$))"
    r"|(?:吗|呢|么|嘛)[。.!！~～]*$|什么|怎么|为什么|多少|哪[里个些天]|几[天个点]|能不能|可不可以|是不是|有没有|如何|请问",
    re.IGNORECASE,
)
_PROMISE = re.compile(
    r"\b(?:(?:i|we)(?:'ll| will|'m going to| am going to| are going to) (?:\w+ ){0,3}?(?:call|ring|phone|write|e-?mail|message|text|get back|come back|follow up|contact|reach out|let you know|update you|send you (?:an? )?(?:e-?mail|message|update)))\b"
    r"|(?:我|我们|稍后|之后|到时候?|一会儿?|晚点|明天|随后)[^。！？!?]{0,12}(?:会|给|将|再)[^。！？!?]{0,8}(?:回电|打(?:给|电话)|致电|联系|通知|回复|发邮件|发短信|告知|反馈|答复)",
    re.IGNORECASE,
)
_NOT_OWN = re.compile(r"\b(?:they|he|she|the (?:team|carrier|courier))\b", re.IGNORECASE)


def is_question(text: str) -> bool:
    return bool(_QUESTION.search(text.strip()))


def _waits(part: Part) -> list[tuple[Line, Line | None]]:
    """Each time the customer began to wait for whoever is judged, with the words that ended it."""
    found: list[tuple[Line, Line | None]] = []
    asked: Line | None = None
    for line in part.lines:
        if line.to_me and asked is None:
            asked = line
        elif line.mine and asked is not None:
            found.append((asked, line))
            asked = None
        elif line.author != "customer" and not line.mine:
            asked = None  # somebody else has answered
    if asked is not None:
        found.append((asked, None))
    return found


def in_time(part: Part) -> Verdict:
    """Against the centre's own targets; the last words of a customer that need no answer do not count."""
    if part.ending.was_late:
        first = next((line for line in part.lines if line.to_me), None)
        shown = (whole(first),) if first else ()
        return Verdict(0.0, 0.99, shown, "The first answer that was promised came too late.")
    if part.target is None and part.first_target is None:
        return does_not_apply("No target is set for answers.")
    waits = [
        (asked, answer)
        for asked, answer in _waits(part)
        if answer is not None or is_question(asked.text)
    ]
    if not waits:
        return does_not_apply("Nothing was waiting for an answer.")
    late = []
    for place, (asked, answer) in enumerate(waits):
        limit = part.first_target if place == 0 and part.first_target else part.target
        if limit is None:
            continue
        took = (answer.at if answer else part.ending.ended_at) - asked.at
        if took > limit:
            late.append((asked, took))
    if not late:
        return Verdict(1.0, 0.99, (whole(waits[0][0]),))
    slowest = max(took for _, took in late)
    share = 1 - len(late) / len(waits)
    return Verdict(
        min(share, 0.49),
        0.99,
        tuple(whole(asked) for asked, _ in late[:3]),
        f"{len(late)} of {len(waits)} answers too late, the slowest after {int(slowest.total_seconds())} s.",
    )


def no_silence(part: Part) -> Verdict:
    """No question of the customer was left without a word from whoever had the conversation."""
    asked = [line for line in part.to_me if is_question(line.text)]
    if not asked:
        return does_not_apply("The customer asked nothing.")
    left = [
        line
        for line in asked
        if not any(o.seq > line.seq and o.author != "customer" for o in part.lines)
    ]
    if left:
        return Verdict(
            0.0, 0.9, tuple(whole(line) for line in left[-2:]), "A question got no answer."
        )
    return Verdict(1.0, 0.9, (whole(asked[-1]),))


def keeps_promises(part: Part) -> Verdict:
    """“I will call you”, “我稍后给您回电”: and something did follow."""
    promised: list[tuple[Line, Span]] = []
    for line in part.mine:
        hit = _PROMISE.search(line.text)
        if hit and not _NOT_OWN.search(hit.group()):
            promised.append((line, Span(line.seq, *hit.span())))
    if not promised:
        return does_not_apply("Nothing was promised.")
    line, span = promised[-1]
    later = [one for one in part.lines if one.seq > line.seq and one.author != "customer"]
    # Words right behind a promise belong to it; a promise is kept by what comes later.
    kept = any(one.at - line.at >= timedelta(minutes=2) for one in later) or any(
        when >= line.at for when in part.ending.followed_up
    )
    if kept:
        return Verdict(1.0, 0.75, (span,))
    if part.ending.at - line.at < KNOWN_AFTER:
        return does_not_apply("Not known yet: a day has not passed.")
    return Verdict(0.0, 0.75, (span,), "Nothing followed that is on record.")


def resolves(part: Part) -> Verdict:
    """Ended by whoever had it, and the customer did not have to come back."""
    ending = part.ending
    if ending.reopened_after:
        said = part.mine[-1:]
        return Verdict(0.0, 0.95, tuple(map(whole, said)), "It was opened again.")
    if ending.handed_on or not ending.is_last_holder:
        return does_not_apply("It was handed on.")
    if ending.at - ending.ended_at < KNOWN_AFTER:
        return does_not_apply("Not known yet: a day has not passed.")
    return Verdict(1.0, 0.8, tuple(map(whole, part.mine[-1:])))


def writes_up(part: Part) -> Verdict:
    """An agent chose how it ended; the clock did not choose for them."""
    ending = part.ending
    if part.subject == "bot" or ending.handed_on or not ending.is_last_holder:
        return does_not_apply("There was nothing to write up.")
    if ending.by != "agent" and not ending.disposition:
        return does_not_apply("An agent did not end it.")
    done = bool(ending.disposition) and not ending.disposition_by_time
    why = "" if done else "The time for it ran out."
    return Verdict(float(done), 0.99, tuple(map(whole, part.mine[-1:])), why)
