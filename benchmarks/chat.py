"""How fast is the chat? Figures beside anchors of the same minute on the same machine.

    .venv/bin/python benchmarks/chat.py [--seconds 6] [--repeat 3] [--only chat,idle,…] [--json FILE]

It starts the product by its own launcher in a temporary folder, the stock consumer and pgbench beside
it, and ends everything again, also on Ctrl-C. Nothing else should run on the machine; started as root
with `nice -n -10` it keeps what does run at a distance. docs/performance.md says what the figures mean.
"""

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.load import house as at  # noqa: E402 -- the project's folder first
from benchmarks.load.figures import (  # noqa: E402
    ANCHORS_MAY_DIFFER,
    Latency,
    differ,
    latency,
    table,
    targets,
)

PAIRS = 200
IDLE = 1_000
BUSY = 16  # conversations with the bot that never end, beside the pairs
TOKENS = "contactcenter_bot_tokens_total"
PARTS = ("load", "chat", "idle", "bot", "beside", "restart")
WARM_UP = 1.5


class Run:
    """One run: what was asked, and what was found so far."""

    def __init__(self, house: at.House, arguments: argparse.Namespace) -> None:
        self.house = house
        self.seconds: float = arguments.seconds
        self.repeat: int = arguments.repeat
        self.found: dict[str, Any] = {"faults": 0, "notes": []}
        self.rows: list[tuple[str, str]] = []

    def say(self, name: str, value: str) -> None:
        self.rows.append((name, value))
        print(f"  {name:<52}  {value}", flush=True)

    def note(self, text: str) -> None:
        self.found["notes"].append(text)
        print(f"  ! {text}", flush=True)

    def load(self, job: dict[str, Any]) -> dict[str, Any]:
        """One job of the load, in a process of its own."""
        with Load(job, self.house) as load:
            return load.result()

    def pairs(
        self, what: str, server: str, port: int, seconds: float | None = None
    ) -> dict[str, Any]:
        """One run of pairs against a server; ours is checked against the database afterwards."""
        job: dict[str, Any] = {"what": what, "server": server, "port": port, "pairs": PAIRS}
        job |= {"warm_up": WARM_UP, "seconds": seconds or self.seconds}
        if server != "ours":
            return self.load(job)
        people = json.loads(self.house.people("make", str(PAIRS), "0"))["pairs"]
        result = self.load(job | {"people": people})
        wrong = at.stored_wrongly(self.house, [p["id"] for p in people], result["said"])
        self.house.people("end")
        bad = result["faults"] + result["undelivered"] + result["refusals"]
        self.found["faults"] += bad + bool(wrong)
        if bad or wrong:
            self.note(
                f"{what}: {result['faults']} out of order, {result['undelivered']} not delivered,"
                f" {result['refusals']} refused; {wrong or 'the database agrees'}"
            )
        self.found["checked"] = self.found.get("checked", 0) + result["said"]
        return result

    def median_rate(self, measure: Callable[[], float]) -> tuple[float, list[float]]:
        rates = [measure() for _ in range(self.repeat)]
        return statistics.median(rates), rates


class Load:
    """The load's process."""

    def __init__(self, job: dict[str, Any], house: at.House) -> None:
        self.job = {"host": at.HOST, **job}
        self.environment = house.environment

    def __enter__(self) -> "Load":
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.load"],
            env=self.environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            process_group=0,
        )
        self.say(json.dumps(self.job))
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(10)

    def say(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def result(self) -> dict[str, Any]:
        """The next line it prints."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise at.Unfit(f"the load for {self.job['what']} ended early")
        result: dict[str, Any] = json.loads(line)
        return result


# --- the parts, in their order ---


def measure_load(run: Run) -> None:
    """What the load's own client can do: figures near this say nothing about a server."""
    line = [sys.executable, "-m", "benchmarks.load.echo", str(at.ECHO_PORT)]
    with at.running(line, run.house.environment, at.ECHO_PORT):
        result = run.pairs("flat_out", "echo", at.ECHO_PORT, 3)
    run.found["echo_rate"] = result["rate"]
    run.found["load_cpu_us"] = result["cpu_seconds"] / result["said"] * 1e6
    run.say(
        "the load against a bare echo",
        f"{result['rate']:,.0f} round trips/s, {run.found['load_cpu_us']:.0f} µs of CPU each"
        f" ({result['loop']})",
    )


def measure_chat(run: Run) -> None:
    """Anchors, ours, anchors again; once more from the start if the anchors differ too much."""
    if not _between_anchors(run):
        run.note("the anchors before and after differ by more than 30 %: once more")
        if not _between_anchors(run):
            run.note("they still do: the machine is not quiet, read the ratios with care")


def _between_anchors(run: Run) -> bool:
    """Ours, beside the mean of the anchors just before and just after; whether these agree."""
    before = _anchors(run)
    ours = _ours(run)
    after = _anchors(run)
    agree = all(
        differ(before[name], after[name]) <= ANCHORS_MAY_DIFFER
        for name in ("pgbench", "stock_rate")
    )
    run.found |= {"anchors_before": before, "anchors_after": after, "anchors_agree": agree}
    run.found |= {name: (before[name] + after[name]) / 2 for name in before}
    run.found |= ours
    return agree


def _anchors(run: Run) -> dict[str, float]:
    commits = at.pgbench(run.house, run.seconds)
    run.say("anchor: pgbench, 32 clients, single-row inserts", f"{commits:,.0f} commits/s")
    with at.stock_server(run.house):
        run.pairs("flat_out", "stock", at.STOCK_PORT, WARM_UP)
        paced = spread_of(run.pairs("paced", "stock", at.STOCK_PORT)["to_screen"])
        rate, rates = run.median_rate(
            lambda: float(run.pairs("flat_out", "stock", at.STOCK_PORT)["rate"])
        )
    run.say("anchor: stock consumer, paced, to the screen", _spread(paced))
    run.say("anchor: stock consumer, flat out", f"{rate:,.0f} messages/s ({_range(rates)})")
    return {
        "pgbench": commits,
        "stock_rate": rate,
        "stock_paced_p50": paced.p50,
        "stock_paced_p95": paced.p95,
        "stock_paced_p99": paced.p99,
    }


def _ours(run: Run) -> dict[str, float]:
    run.pairs("flat_out", "ours", at.PRODUCT_PORT, WARM_UP)
    tries = [run.pairs("paced", "ours", at.PRODUCT_PORT) for _ in range(run.repeat)]
    spreads = [(spread_of(t["to_screen"]), spread_of(t["to_ack"])) for t in tries]
    spreads.sort(key=lambda pair: pair[0].p95)
    screen, ack = spreads[len(spreads) // 2]
    run.say(f"ours: {PAIRS} pairs paced, send → agent's screen", _spread(screen))
    run.say(f"ours: {PAIRS} pairs paced, send → acknowledgement", _spread(ack))
    rate, rates = run.median_rate(
        lambda: float(run.pairs("flat_out", "ours", at.PRODUCT_PORT)["rate"])
    )
    run.say("ours: flat out, durable and seen", f"{rate:,.0f} messages/s ({_range(rates)})")
    return {
        "max_rate": rate,
        "paced_p50": screen.p50,
        "paced_p95": screen.p95,
        "paced_p99": screen.p99,
        "ack_p50": ack.p50,
        "ack_p95": ack.p95,
        "ack_p99": ack.p99,
    }


def measure_idle(run: Run) -> None:
    """A web process that was just started, warmed by fifty; then a thousand who stay."""
    tokens = json.loads(run.house.people("make", "0", str(IDLE + 50)))["singles"]
    run.house.restart_web()
    job = {"what": "crowd", "port": at.PRODUCT_PORT}
    with Load(job | {"tokens": tokens[IDLE:]}, run.house) as warm_up:
        warm_up.result()
        warm_up.say("go")
        warm_up.result()
    time.sleep(3)
    pid = run.house.pid("app:web")
    before = at.memory_kib(pid)
    with Load(job | {"tokens": tokens[:IDLE]}, run.house) as crowd:
        run.found["sockets_per_second"] = crowd.result()["per_second"]
        time.sleep(5)
        grown = at.memory_kib(pid) - before
        crowd.say("go")
        still = crowd.result()["still_open"]
    if still != IDLE:
        run.note(f"only {still} of {IDLE} idle sockets stayed open")
        return
    run.found |= {"web_process_kib": before, "socket_kib": grown / IDLE}
    run.say("an idle signed-in customer's socket", f"{grown / IDLE:.1f} KiB of {IDLE:,}")
    run.say("the web process without them", f"{before / 1024:,.0f} MiB")
    run.say("sockets let in", f"{run.found['sockets_per_second']:,.0f} /s")


def questions() -> list[str]:
    """What customers ask in the demo shop: the articles' own example questions, in English."""
    lines = (ROOT / "contactcenter" / "demo" / "articles.jsonl").read_text().splitlines()
    articles = [json.loads(line) for line in lines]
    return [q for a in articles if a.get("language", "en") == "en" for q in a["questions"][:3]]


def measure_bot(run: Run) -> None:
    """First words and tokens at 1, 4, 8, 16 at once."""
    job = {"what": "questions", "port": at.PRODUCT_PORT}
    asked = questions()
    run.load(job | {"questions": asked, "at_once": 1, "each": 2})
    for at_once in (1, 4, 8, 16):
        each = max(2, 24 // at_once)
        mine, asked = asked[: at_once * each], asked[at_once * each :]
        began, tokens = at.clock_of(run.house), run.house.metric(TOKENS)
        heard = run.load(job | {"questions": mine, "at_once": at_once, "each": each})
        rate = (run.house.metric(TOKENS) - tokens) / heard["took"]
        written, answers = at.written_by_the_model(run.house, since=began)
        first, whole = latency(heard["first_word"]), latency(heard["whole"])
        if first is None or whole is None:
            run.note(f"the bot answered nobody of {at_once} at once")
            continue
        run.found |= {
            f"first_word_p50_{at_once}": first.p50 / 1000,
            f"first_word_p95_{at_once}": first.p95 / 1000,
            f"tokens_per_second_{at_once}": rate,
            f"written_by_the_model_{at_once}": written,
            f"answers_{at_once}": answers,
            f"not_answered_{at_once}": heard["not_answered"],
        }
        run.say(
            f"bot, {at_once} at once: first word",
            f"p50 {first.p50 / 1000:.2f} s, p95 {first.p95 / 1000:.2f} s; whole p50"
            f" {whole.p50 / 1000:.2f} s; {rate:.0f} tokens/s; of {answers} answers {written} in the"
            f" model's words, {heard['not_answered']} to a person",
        )


def measure_beside(run: Run) -> None:
    """People chatting while the model idles, then beside those who ask it all the time; in turns."""
    tokens = json.loads(run.house.people("make", "0", str(BUSY)))["singles"]
    job = {"what": "questions without end", "port": at.PRODUCT_PORT, "questions": questions()}
    tries = []
    for _ in range(run.repeat):
        quiet = spread_of(run.pairs("paced", "ours", at.PRODUCT_PORT)["to_screen"])
        with Load(job | {"tokens": tokens}, run.house):
            time.sleep(2)
            model, since = run.house.pid("app:model"), time.monotonic()
            used, began = at.cpu_seconds(model), at.clock_of(run.house)
            busy = spread_of(run.pairs("paced", "ours", at.PRODUCT_PORT)["to_screen"])
            took = time.monotonic() - since
            share = (at.cpu_seconds(model) - used) / took
            answers = at.written_by_the_model(run.house, since=began)[1] / took
        tries.append((busy.p95 / quiet.p95, quiet, busy, share, answers))
        print(f"    {busy.p95:.2f} / {quiet.p95:.2f} ms = {busy.p95 / quiet.p95:.2f} ×", flush=True)
        time.sleep(3)
    tries.sort(key=lambda one: one[0])
    _, quiet, busy, share, answers = tries[len(tries) // 2]
    run.found |= {"quiet_p95": quiet.p95, "busy_p95": busy.p95, "busy_model_cores": share}
    run.found |= {"busy_answers_per_second": answers, "busy_ratios": [one[0] for one in tries]}
    run.say("chat paced, the model idle", _spread(quiet))
    run.say(f"chat paced, {BUSY} asking the bot all the time", _spread(busy))
    run.say("the bot then", f"{answers:.1f} answers/s; its worker got {share:.2f} cores")


def measure_restart(run: Run) -> None:
    """Stopped and started again: until the launcher's parts are ready, until a question is answered."""
    run.house.stop()
    began = time.monotonic()
    run.house.start()
    run.house.wait_until(run.house.is_up, 120, "the second start")
    up = time.monotonic() - began
    run.house.wait_until(run.house.is_ready, 120, "the second start's model")
    ready = time.monotonic() - began
    heard = run.load(
        {"what": "questions", "port": at.PRODUCT_PORT, "questions": questions()}
        | {"at_once": 1, "each": 1}
    )
    answered = time.monotonic() - began if heard["whole"] else None
    run.found |= {"second_start_up": up, "second_start_ready": ready, "second_start": answered}
    run.say(
        "second start",
        f"doors open {up:.1f} s, model ready {ready:.1f} s, first answer "
        + (f"{answered:.1f} s" if answered else "none"),
    )


# --- how it is told ---


def spread_of(found: dict[str, Any] | None) -> Latency:
    if found is None:
        raise at.Unfit("not one message arrived")
    return Latency(**found)


def _spread(of: Latency) -> str:
    return f"p50 {of.p50:.2f}  p95 {of.p95:.2f}  p99 {of.p99:.2f} ms"


def _range(values: list[float]) -> str:
    return f"{min(values):,.0f}–{max(values):,.0f}"


def report(run: Run) -> dict[str, Any]:
    """Prints the table and the targets; answers both as plain values."""
    print("\n" + table(run.rows) + "\n")
    kept = targets(run.found)
    for target in kept:
        print("  " + target.line())
    return {
        "machine": at.machine(),
        "load_average": os.getloadavg(),
        "found": run.found,
        "targets": [asdict(target) | {"kept": target.kept} for target in kept],
    }


def arguments_of(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=6, help="of each cell (default 6)")
    parser.add_argument("--repeat", type=int, default=3, help="cells of ours; the median counts")
    parser.add_argument("--only", default=",".join(PARTS), help=f"some of {','.join(PARTS)}")
    parser.add_argument("--json", type=Path, help="where the figures go")
    arguments = parser.parse_args(words)
    arguments.only = [part.strip() for part in arguments.only.split(",") if part.strip()]
    if unknown := set(arguments.only) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    return arguments


def main(words: list[str]) -> int:
    arguments = arguments_of(words)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    parts: dict[str, Callable[[Run], None]] = {
        "load": measure_load,
        "chat": measure_chat,
        "idle": measure_idle,
        "bot": measure_bot,
        "beside": measure_beside,
        "restart": measure_restart,
    }
    at.to_the_front(os.getpid())
    print(f"load average before: {', '.join(f'{n:.1f}' for n in os.getloadavg())}", flush=True)
    try:
        with at.a_house() as house:
            run = Run(house, arguments)
            for name in PARTS:
                if name in arguments.only:
                    _try(run, name, parts[name])
            told = report(run)
    except at.Unfit as problem:
        print(f"Not measured: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped; everything that was started has ended.", file=sys.stderr)
        return 130
    if arguments.json:
        arguments.json.write_text(json.dumps(told, indent=2) + "\n")
    return 0


def _try(run: Run, name: str, part: Callable[[Run], None]) -> None:
    """One part that can't be measured must not cost the others."""
    try:
        part(run)
    except at.Unfit as problem:
        run.note(f"{name}: {problem}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
