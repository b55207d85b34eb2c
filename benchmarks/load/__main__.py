"""One job of load in a process of its own: JSON in on stdin, JSON out on stdout."""

import asyncio
import importlib
import json
import random
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, cast

from benchmarks.load.crowd import arrive
from benchmarks.load.figures import latency
from benchmarks.load.pairs import Echo, Ends, Ours, Stock, flat_out, paced
from benchmarks.load.questions import ask_at_once, ask_on


def ends_of(job: dict[str, Any], address: tuple[str, int]) -> Ends:
    match job["server"]:
        case "ours":
            return Ours(address, job["people"])
        case "stock":
            return Stock(address, f"{random.getrandbits(32):08x}")
        case _:
            return Echo(address)


async def work(job: dict[str, Any]) -> dict[str, Any]:
    address = (job["host"], job["port"])
    match job["what"]:
        case "paced" | "flat_out" as what:
            run = paced if what == "paced" else flat_out
            result = await run(
                ends_of(job, address),
                job["pairs"],
                warm_up=job["warm_up"],
                seconds=job["seconds"],
            )
            # A hundred thousand numbers do not fit a pipe well; three do.
            spreads = {
                name: asdict(found) if (found := latency(getattr(result, name))) else None
                for name in ("to_screen", "to_ack")
            }
            return asdict(result) | spreads
        case "crowd":
            arrival = await arrive(address, job["tokens"])
            print(json.dumps({"per_second": arrival.per_second}), flush=True)
            await asyncio.to_thread(sys.stdin.readline)  # they stay until they are told to go
            still = sum(wire.closed is None for wire in arrival.sockets)
            return {"still_open": still}
        case "questions":
            heard, took = await ask_at_once(
                address, job["questions"], at_once=job["at_once"], each=job["each"]
            )
            return asdict(heard) | {"took": took}
        case "questions without end":
            await ask_on(address, job["questions"], job["tokens"])
            return {}
        case other:
            raise ValueError(f"no such job: {other}")


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    """uvloop's where it is installed: it halves what the load itself costs."""
    try:
        return cast(
            Callable[[], asyncio.AbstractEventLoop],
            importlib.import_module("uvloop").new_event_loop,
        )
    except ImportError:
        return asyncio.new_event_loop


def main() -> None:
    job = json.loads(sys.stdin.readline())
    new_loop = loop_factory()
    before = time.process_time()
    with asyncio.Runner(loop_factory=new_loop) as runner:
        done = runner.run(work(job))
    done |= {"loop": new_loop.__module__, "cpu_seconds": time.process_time() - before}
    print(json.dumps(done), flush=True)


if __name__ == "__main__":
    main()
