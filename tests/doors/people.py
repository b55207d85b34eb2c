"""Customers and agents as strangers would program them: sockets, HTTP, and nothing of ours."""

import json
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.contactcenter.launch.product import Product, run_manage

PASSWORD = "trailhead-test-1"
Frame = dict[str, Any]


class Client:
    """A socket that remembers every frame it got."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.frames: list[Frame] = []

    def send(self, frame: Frame | str | bytes) -> None:
        self.socket.send(json.dumps(frame) if isinstance(frame, dict) else frame)

    def read(self, seconds: float = 0.3) -> list[Frame]:
        """Everything that comes until it is quiet for a moment."""
        got: list[Frame] = []
        while True:
            try:
                got.append(json.loads(self.socket.recv(timeout=seconds)))
            except TimeoutError:
                self.frames += got
                return got

    def until(self, wanted: Callable[[Frame], bool], seconds: float = 15) -> Frame:
        """Reads until a frame is as wanted, and answers it."""
        deadline = time.monotonic() + seconds
        while True:
            left = deadline - time.monotonic()
            assert left > 0, f"it did not come; the last frames were {self.frames[-6:]}"
            try:
                frame: Frame = json.loads(self.socket.recv(timeout=left))
            except TimeoutError:
                continue
            self.frames.append(frame)
            if wanted(frame):
                return frame

    def kind(self, kind: str, seconds: float = 15) -> Frame:
        return self.until(lambda frame: frame["type"] == kind, seconds)

    def close_code(self, seconds: float = 5) -> int:
        """Reads until the other side closes."""
        try:
            while True:
                self.socket.recv(timeout=seconds)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006


class CustomerClient(Client):
    session: Frame

    def say(self, text: str, **fields: Any) -> str:
        frame = {"type": "message", "id": str(uuid.uuid4()), "text": text} | fields
        self.send(frame)
        return str(frame["id"])

    def acked(self, text: str, **fields: Any) -> Frame:
        key = self.say(text, **fields)
        return self.until(lambda frame: frame["type"] == "ack" and frame["id"] == key)

    def error(self, frame: Frame | str | bytes) -> Frame:
        self.send(frame)
        return self.kind("error")


class Doors(Product):
    """The running product, as its neighbours see it."""

    def __init__(self, data_dir: Path) -> None:
        # All tests come from one address
        many = {"SESSIONS_PER_MINUTE": "6000", "SIGN_INS_PER_MINUTE": "6000"}
        super().__init__(data_dir, DEMO_PASSWORD=PASSWORD, **many)
        self.tokens: dict[str, str] = {}

    def http(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str = "",
        headers: dict[str, str] | None = None,
        raw: bytes | None = None,
    ) -> tuple[int, dict[str, str], Any]:
        """(status, headers, JSON or bytes)."""
        data = raw if raw is not None else (None if body is None else json.dumps(body).encode())
        sent = {"Content-Type": "application/json"} | (headers or {})
        if token:
            sent["Authorization"] = f"Bearer {token}"
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", data, sent, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, dict(answer.headers), _content(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, dict(error.headers), _content(error.read())

    def session(self, **words: Any) -> Frame:
        status, _, answer = self.http(
            "POST", "/api/v1/sessions", {"inbox": "web", "language": "en"} | words
        )
        assert status == 201, answer
        return dict(answer)

    @contextmanager
    def socket(self, path: str, **headers: str) -> Iterator[Client]:
        with connect(
            f"ws://127.0.0.1:{self.port}{path}",
            additional_headers=headers,
            compression=None,
            max_size=None,
        ) as socket:
            yield Client(socket)

    @contextmanager
    def customer(self, session: Frame | None = None, *, after: int = 0) -> Iterator[CustomerClient]:
        session = session or self.session()
        address = f"ws://127.0.0.1:{self.port}/ws/chat?token={session['token']}&after={after}"
        with connect(address, compression=None, max_size=None) as socket:
            client = CustomerClient(socket)
            client.session = session
            assert client.kind("welcome")["conversation"] == session["conversation"]
            yield client

    def manage_output(self, *arguments: str) -> str:
        """What a command says on stdout, beside the running product."""
        done = run_manage(self.data_dir, *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def results(self, path: str, *, token: str) -> list[Frame]:
        """The first page of a list."""
        status, _, answer = self.http("GET", path, token=token)
        assert status == 200, answer
        return list(answer["results"])

    def history(self, conversation: str) -> list[Frame]:
        """Everything that happened in it, as the database has it."""
        path = f"/api/v1/conversations/{conversation}/log/"
        lines: list[Frame] = []
        while page := self.results(f"{path}?after={len(lines)}", token=self.token("admin")):
            lines += page
        return lines

    def token(self, username: str) -> str:
        """Signed in once; the token serves all day."""
        if username not in self.tokens:
            words = {"username": username, "password": PASSWORD}
            status, _, answer = self.http("POST", "/api/v1/auth/token", words)
            assert status == 200, answer
            self.tokens[username] = str(answer["token"])
        return self.tokens[username]

    def both_keys(self, username: str, password: str) -> tuple[str, str]:
        """Signed in once: the token for programs, and the cookie that a browser keeps."""
        jar = CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1/auth/token",
            json.dumps({"username": username, "password": password}).encode(),
            {"Content-Type": "application/json"},
        )
        with opener.open(request, timeout=30) as answer:
            token = str(json.load(answer)["token"])
        return token, next(f"sessionid={one.value}" for one in jar if one.name == "sessionid")

    @contextmanager
    def agent(self, username: str) -> Iterator[Client]:
        with self.socket("/ws/agents", Authorization=f"Bearer {self.token(username)}") as client:
            client.kind("welcome")
            yield client


def _content(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body


def multipart(name: str, content: bytes, content_type: str) -> tuple[bytes, dict[str, str]]:
    """A form with one file."""
    mark = uuid.uuid4().hex
    head = (
        f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        f"Content-Type: {content_type}\r\n\r\n"
    )
    body = head.encode() + content + f"\r\n--{mark}--\r\n".encode()
    return body, {"Content-Type": f"multipart/form-data; boundary={mark}"}
