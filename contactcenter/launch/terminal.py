"""What the launcher says to the person who started it."""

import sys


class CannotStart(Exception):
    """The product can't start or go on; the text is the one line that the person sees."""


def say(line: str) -> None:
    """A line about progress. Not on stdout: that belongs to commands."""
    print(line, file=sys.stderr, flush=True)


def reason(error: BaseException) -> str:
    """The first line of what an error says, without a stop."""
    first = str(error).strip().partition("\n")[0]
    return first.rstrip(".") or type(error).__name__
