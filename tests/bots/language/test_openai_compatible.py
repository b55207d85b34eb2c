"""The client against a real HTTP server in this process, which plays every kind of model server."""

import json
import socket
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from bots.language import openai_compatible
from bots.language.loader import language_model
from bots.language.model import Completion, ModelUnavailable, Passage, Turn
from bots.language.openai_compatible import ENOUGH, RemoteModel
from bots.language.prompt import WIDE, as_chat

pytestmark = pytest.mark.unit

TURNS = [Turn("customer", "Refund?")]
PASSAGES = [Passage("a1", "Refunds", "Within 30 days.")]


class ModelServer(ThreadingHTTPServer):
    """Plays `script`: one entry per request, a status or the lines of a stream."""

    daemon_threads = True

    def __init__(self, script: list[int | list[str]]) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.script = script
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.headers: dict[str, str] = {}


class Answers(BaseHTTPRequestHandler):
    server: ModelServer

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/v1/models" else 404)
        self.end_headers()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append(json.loads(body))
        self.server.keys.append(self.headers["Authorization"])
        play = self.server.script.pop(0)
        self.send_response(play if isinstance(play, int) else 200)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.end_headers()
        for line in play if isinstance(play, list) else []:
            self.wfile.write(f"{line}\n\n".encode())

    def log_message(self, *_args: object) -> None:
        """A test's output is its own."""


def piece(text: str, reason: str | None = None) -> str:
    choice = {"delta": {"content": text}, "finish_reason": reason}
    return "data: " + json.dumps({"choices": [choice]})


USAGE = 'data: {"choices": [], "usage": {"completion_tokens": 7}}'
WHOLE = [": hello", piece(" Within"), piece(" 30 days."), piece("", "stop"), USAGE, "data: [DONE]"]

Serve = Callable[..., ModelServer]


@pytest.fixture
def serve() -> Iterator[Serve]:
    running: list[ModelServer] = []

    def start(*script: int | list[str]) -> ModelServer:
        server = ModelServer(list(script))
        running.append(server)
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return server

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


def client(server: ModelServer) -> RemoteModel:
    url = f"http://127.0.0.1:{server.server_port}/v1/"
    return RemoteModel("tiny", url, key="k", pause=no_pause)


def no_pause(_seconds: float) -> None:
    """Tests have no time."""


def write(
    model: RemoteModel, seen: list[str], cancelled: Callable[[], bool] = lambda: False
) -> Completion:
    return model.write(
        turns=TURNS, passages=PASSAGES, language="en", on_text=seen.append, cancelled=cancelled
    )


def test_words_come_piece_by_piece_and_the_prompt_is_ours(serve: Serve) -> None:
    server, seen = serve(WHOLE), list[str]()

    completion = write(client(server), seen)

    assert seen == ["Within", " 30 days."]
    assert (completion.text, completion.tokens, completion.finished) == ("Within 30 days.", 7, True)
    assert 0 < completion.seconds_to_first <= completion.seconds
    assert server.asked[0]["messages"] == as_chat(TURNS, PASSAGES, "en", WIDE)
    assert (server.asked[0]["model"], server.asked[0]["stream"]) == ("tiny", True)
    assert server.keys == ["Bearer k"]


NONSENSE = [
    "data: {broken",
    "data: 5",
    'data: {"choices": [5]}',
    'data: {"choices": [{"delta": {"content": 5}}]}',
    'data: {"error": {"code": 1}}',
    "<!doctype html><title>Welcome</title>",
    "data: " + "x" * (1 << 20),
]


@pytest.mark.parametrize("trouble", [503, 500, 429, [], *([line] for line in NONSENSE)])
def test_before_the_first_word_it_tries_again(serve: Serve, trouble: int | list[str]) -> None:
    server, seen = serve(trouble, trouble, WHOLE), list[str]()

    assert write(client(server), seen).finished
    assert len(server.asked) == 3
    assert seen == ["Within", " 30 days."]


def test_three_tries_are_enough(serve: Serve) -> None:
    server = serve(503, 503, 503, WHOLE)

    with pytest.raises(ModelUnavailable) as refusal:
        write(client(server), [])

    assert refusal.value.code == "unreachable"
    assert str(refusal.value) == "The model server at 127.0.0.1: status 503."
    assert len(server.asked) == 3


def test_after_the_first_word_a_break_is_told_and_not_repeated(serve: Serve) -> None:
    server, seen = serve([piece("Within")], WHOLE), list[str]()

    with pytest.raises(ModelUnavailable) as refusal:
        write(client(server), seen)

    assert (refusal.value.code, seen, len(server.asked)) == ("failed", ["Within"], 1)


def test_a_server_that_is_down_is_told_in_one_line() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        model = RemoteModel("tiny", f"http://127.0.0.1:{nobody.getsockname()[1]}", pause=no_pause)

        with pytest.raises(ModelUnavailable) as refusal:
            write(model, [])

    assert refusal.value.code == "unreachable"
    assert (
        str(refusal.value) == "The model server at 127.0.0.1: no answer (ConnectionRefusedError)."
    )
    assert not model.ready()


def test_a_server_with_too_much_to_do_is_busy_and_says_how_long(serve: Serve) -> None:
    pauses: list[float] = []
    server = serve(429, 429, 429)
    server.headers["Retry-After"] = "2"
    model = RemoteModel("tiny", f"http://127.0.0.1:{server.server_port}/v1", pause=pauses.append)

    with pytest.raises(ModelUnavailable) as refusal:
        write(model, [])

    assert (refusal.value.code, pauses) == ("busy", [2, 2])

    server.script, server.headers["Retry-After"] = [429, WHOLE], "3600"
    with pytest.raises(ModelUnavailable) as refusal:
        write(model, [])
    assert (refusal.value.code, len(server.script)) == ("busy", 1)


def test_a_server_that_accepts_and_says_nothing_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(openai_compatible, "PATIENCE", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        model = RemoteModel("tiny", f"http://127.0.0.1:{silent.getsockname()[1]}", pause=no_pause)

        with pytest.raises(ModelUnavailable, match="it says nothing") as refusal:
            write(model, [])

    assert refusal.value.code == "unreachable"


def test_a_customer_can_leave_a_server_that_says_nothing() -> None:
    """Long before the socket's own time is over, and the connection goes with them."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        model = RemoteModel("tiny", f"http://127.0.0.1:{silent.getsockname()[1]}", pause=no_pause)
        looks = iter([False, True])

        completion = write(model, [], cancelled=lambda: next(looks, True))

        connection, _ = silent.accept()
        with connection:
            connection.settimeout(10)
            while connection.recv(65536):
                pass
    assert (completion.text, completion.finished) == ("", False)


def test_an_answer_without_end_is_cut(serve: Serve) -> None:
    seen: list[str] = []

    completion = write(client(serve([piece("again ")] * 2000)), seen)

    assert not completion.finished
    assert ENOUGH <= len("".join(seen)) < ENOUGH + 10


def test_a_stream_that_says_why_it_ends_needs_no_mark(serve: Serve) -> None:
    assert write(client(serve([piece("Yes."), piece("", "stop")])), []).finished


@pytest.mark.parametrize(
    ("status", "code"), [(404, "wrong_name"), (401, "refused"), (400, "refused")]
)
def test_what_another_try_cannot_mend_is_told_at_once(serve: Serve, status: int, code: str) -> None:
    server = serve(status)

    with pytest.raises(ModelUnavailable) as refusal:
        write(client(server), [])

    assert (refusal.value.code, len(server.asked)) == (code, 1)


def test_a_customer_who_has_left_ends_the_answer(serve: Serve) -> None:
    seen: list[str] = []

    completion = write(client(serve(WHOLE)), seen, cancelled=lambda: bool(seen))

    assert (seen, completion.finished) == (["Within"], False)


def test_ready_asks_the_server(serve: Serve) -> None:
    model = client(serve())
    assert model.ready()
    model.close()
    assert not model.ready()
    assert not RemoteModel("tiny", "http://127.0.0.1:9").ready()


@pytest.mark.parametrize(
    "spec",
    [
        "openai:tiny",
        "openai:@http://x",
        "openai:tiny@ftp://x",
        "openai:tiny@http://x:70000",
    ],
)
def test_a_wrong_name_is_told_in_one_line(spec: str, tmp_path: Any) -> None:
    told = "Write openai:<model>@<base url>|is no address"
    with pytest.raises(ModelUnavailable, match=told) as refusal:
        language_model(spec, cache_dir=tmp_path)

    assert refusal.value.code == "wrong_name"
