"""How long an agent waits for a suggestion: from the customer's last word to the agent's screen.

    .venv/bin/python benchmarks/help_delay.py PORT PASSWORD [--messages 30]

Against a product that is running with its demo, over the sockets as strangers use them: one customer, one
agent, one question after another out of the demo's articles. What is timed begins with the acknowledgement of
the customer's message and ends with the first frame that suggests a reply to it; who writes in pieces is heard
out first (`PAUSE`), and that is part of it.
"""

import json
import random
import sys
import time
import urllib.request
import uuid
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from websockets.sync.client import ClientConnection, connect

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 45.0  # seconds; afterwards there is none
Frame = dict[str, Any]


class Line:
    def __init__(self, address: str, headers: dict[str, str] | None = None) -> None:
        self.socket: ClientConnection = connect(
            address, additional_headers=headers, compression=None, max_size=None
        )

    def send(self, **frame: Any) -> None:
        self.socket.send(json.dumps(frame))

    def until(self, wanted: Callable[[Frame], bool], seconds: float = LONGEST) -> Frame | None:
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            try:
                frame: Frame = json.loads(self.socket.recv(timeout=left))
            except TimeoutError:
                break
            if wanted(frame):
                return frame
        return None

    def say(self, text: str, **more: Any) -> Frame:
        key = str(uuid.uuid4())
        self.send(type="message", id=key, text=text, **more)
        found = self.until(lambda frame: frame["type"] == "ack" and frame.get("id") == key)
        assert found is not None, "not acknowledged"
        return found


def post(port: int, path: str, body: Frame) -> Frame:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/{path}",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        found: Frame = json.load(answer)
    return found


def questions(most: int) -> list[str]:
    lines = (ROOT / "contactcenter/demo/articles.jsonl").read_text("utf-8").splitlines()
    articles = [one for one in map(json.loads, lines) if one["language"] == "en"]
    asked = [one["questions"][0] for one in articles if one.get("questions")]
    return random.Random(7).sample(asked, min(most, len(asked)))


def together(port: int, password: str) -> tuple[Line, Line, str]:
    """A customer, and the agent who has taken them."""
    token = post(port, "auth/token", {"username": "agent1", "password": password})["token"]
    session = post(port, "sessions", {"inbox": "web", "language": "en"})
    agent = Line(f"ws://127.0.0.1:{port}/ws/agents", {"Authorization": f"Bearer {token}"})
    agent.send(type="presence", status="away", ref="here")
    customer = Line(f"ws://127.0.0.1:{port}/ws/chat?token={session['token']}")
    customer.say("I would like to talk to a person, please")
    customer.send(type="human")
    customer.until(lambda frame: frame["type"] == "state" and frame["state"] == "queued")
    key = str(session["conversation"])
    agent.send(type="claim", conversation=key, ref="claim")
    agent.until(lambda frame: frame.get("ref") == "claim")
    agent.send(type="open", conversation=key, after=0)
    agent.say("Hello, what can I do for you?", conversation=key)
    return customer, agent, key


def waited(customer: Line, agent: Line, key: str, question: str) -> float | None:
    seq = customer.say(question)["seq"]
    began = time.monotonic()

    def is_it(frame: Frame) -> bool:
        return (
            frame["type"] == "suggestions"
            and (frame["conversation"], frame["seq"]) == (key, seq)
            and bool(frame["replies"])
        )

    found = agent.until(is_it)
    seconds = time.monotonic() - began if found else None
    agent.say("Thank you for asking, I have noted that down.", conversation=key)
    return seconds


def main() -> None:
    parser = ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("password")
    parser.add_argument("--messages", type=int, default=30)
    chosen = parser.parse_args()
    customer, agent, key = together(chosen.port, chosen.password)
    dice, found, none = random.Random(11), [], 0
    for question in questions(chosen.messages):
        seconds = waited(customer, agent, key, question)
        print(f"{seconds and round(seconds, 2)}  {question}", flush=True)
        if seconds is None:
            none += 1
        else:
            found.append(seconds)
        time.sleep(dice.uniform(1, 4))  # not in step with any clock of the house
    found.sort()
    half, last = found[len(found) // 2], found[min(len(found) * 95 // 100, len(found) - 1)]
    print(f"{len(found)} suggestions: p50 {half:.2f} s, p95 {last:.2f} s; none for {none}")


if __name__ == "__main__":
    main()
