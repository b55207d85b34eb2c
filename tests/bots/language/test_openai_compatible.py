"""The client against a real HTTP server in this process, which plays every kind of model server."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from bots.language.loader import language_model
from bots.language.model import Completion, ModelUnavailable, Passage, Turn
from bots.language.openai_compatible import RemoteModel
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
    return RemoteModel("tiny", url, key="k", pause=lambda _seconds: None)


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


@pytest.mark.parametrize("trouble", [503, 429, ["data: {broken"], [], ['data: {"error": {}}']])
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


@pytest.mark.parametrize(("status", "code"), [(404, "wrong_name"), (401, "refused")])
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


@pytest.mark.parametrize("spec", ["openai:tiny", "openai:@http://x", "openai:tiny@ftp://x"])
def test_a_wrong_name_is_told_in_one_line(spec: str, tmp_path: Any) -> None:
    with pytest.raises(ModelUnavailable, match="Write openai:<model>@<base url>") as refusal:
        language_model(spec, cache_dir=tmp_path)

    assert refusal.value.code == "wrong_name"
