"""Which labels go together: of an exclusive group only one."""

from collections.abc import Mapping, Sequence


def settled(names: Sequence[str], exclusive: Mapping[str, str]) -> list[str]:
    """The names in order, each once; of a group in `exclusive` {name: group} the last one stays."""
    last = {exclusive[name.casefold()]: name for name in names if name.casefold() in exclusive}
    return list(
        dict.fromkeys(
            name
            for name in names
            if name.casefold() not in exclusive or last[exclusive[name.casefold()]] == name
        )
    )
