"""A procedure in the bot's turn: begun, gone on with, resumed after a crash, never done twice."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from bots.actions import looking_up
from bots.actions.answer import answer
from bots.actions.articles import import_articles
from bots.actions.procedures import calling, candidates, following, selecting
from bots.actions.procedures.closing import close_for_a_person
from bots.actions.procedures.keeping import ensure_connection, ensure_procedure
from bots.knowledge.vectors import light_encoders
from bots.models import ActionCall, BotTrace, Connection, ProcedureRun, ProcedureVersion
from bots.procedures import matching
from contactcenter.demo.packs.pack import HERE as PACKS
from conversations.actions.customer import ask_for_a_person
from conversations.actions.post import store
from conversations.models import Conversation, Event, Handoff, Message
from tests import make
from tests.bots.talks import RETURNS

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]

HERE = Path(__file__).parent
TEXT = (HERE / "return_item.yaml").read_text(encoding="utf-8")
ORDER = {
    "data": {
        "status": "delivered",
        "total": 120,
        "most": 2,
        "lines": [{"sku": "T2", "name": "Heron 2"}],
    }
}


@dataclass
class Shop:
    """A business on loopback: remembers each key, and does each order once."""

    weather: str = "fine"
    done: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    url: str = ""

    def answer(self, method: str, path: str, key: str, body: Any) -> tuple[int, bytes]:
        self.asked.append((method, path, key))
        if self.weather == "down":
            return 503, b"{}"
        if self.weather == "rubbish":
            return 200, b"<html>welcome</html>"
        if self.weather == "moved":
            return 302, b"{}"
        if method == "GET":
            found = path.startswith("/api/orders/FW-10234?")
            return (200, json.dumps(ORDER).encode()) if found else (404, b"{}")
        self.done.setdefault(key, body)
        said = {"data": {"label_url": "https://shop.example/l/1", "number": f"R-{len(self.done)}"}}
        return (502, b"{}") if self.weather == "lost" else (200, json.dumps(said).encode())


@pytest.fixture
def shop() -> Iterator[Shop]:
    shop = Shop()

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(None)

        def do_POST(self) -> None:
            size = int(self.headers["Content-Length"])
            self._answer(json.loads(self.rfile.read(size)))

        def _answer(self, body: Any) -> None:
            assert self.headers["Authorization"] == "Bearer open sesame"
            key = self.headers["Idempotency-Key"]
            status, said = shop.answer(self.command, self.path, key, body)
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *args: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    shop.url = f"http://127.0.0.1:{server.server_port}/api"
    yield shop
    server.shutdown()
    server.server_close()


@pytest.fixture
def open_shop(shop: Shop, at: datetime, monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.setattr(calling, "PAUSES", (0.0, 0.0, 0.0))
    ensure_connection("shop", shop.url, "open sesame", own=True)
    tests = (HERE / "return_item.tests.yaml").read_text(encoding="utf-8")
    assert ensure_procedure(TEXT, tests, at=at)
    assert not ensure_procedure(TEXT, tests, at=at)
    return shop


class Talk:
    def __init__(self, at: datetime) -> None:
        self.at = at
        self.conversation = make.conversation(at=at)

    def hears(self, text: str) -> str:
        """Says something; answers what the bot then said."""
        self.says(text)
        self.turn()
        return self.last

    def says(self, text: str) -> None:
        self.at += timedelta(seconds=5)
        store([make.draft(self.conversation, text, at=self.at)])

    def turn(self) -> str | None:
        return answer(
            conversation_id=self.conversation.pk, model=lambda: None, clock=lambda: self.at
        )

    @property
    def last(self) -> str:
        rows = Message.objects.filter(conversation=self.conversation, author_kind="bot")
        found = rows.order_by("-seq").first()
        return found.text if found else ""

    @property
    def run(self) -> ProcedureRun:
        return ProcedureRun.objects.filter(conversation=self.conversation).latest("pk")


def up_to_the_confirmation(at: datetime) -> Talk:
    talk = Talk(at)
    assert "Which item" in talk.hears("I want to return FW-10234, mia@example.com")
    assert "How many" in talk.hears("the first one")
    assert "Why" in talk.hears("1")
    assert "Shall I register" in talk.hears("it is damaged")
    return talk


def test_a_return_is_taken_up_to_its_label(open_shop: Shop, at: datetime) -> None:
    talk = up_to_the_confirmation(at)
    assert open_shop.done == {}

    assert "https://shop.example/l/1" in talk.hears("yes please")

    assert list(open_shop.done.values()) == [
        {"order": "FW-10234", "sku": "T2", "count": 1, "reason": "broken"}
    ]
    assert talk.run.state == "done"
    assert [one.state for one in ActionCall.objects.all()] == ["answered", "answered"]
    trace = BotTrace.objects.latest("run")
    assert (trace.by, trace.reason) == ("steps", "procedure")
    assert "mia@example.com" not in json.dumps(trace.data)
    states = [e.data["state"] for e in Event.objects.filter(kind="procedure")]
    assert states == ["active", "done"]


def test_a_question_in_the_middle_is_answered_and_nothing_is_asked_again(
    open_shop: Shop, at: datetime
) -> None:
    import_articles([RETURNS], encoders=light_encoders(), at=at, bad=lambda _line: None)
    talk = Talk(at)
    talk.hears("I want to return FW-10234, mia@example.com")

    said = talk.hears("How long can I return a jacket?")

    assert "within 30 days" in said
    assert said.endswith("1. Heron 2")
    assert Message.objects.latest("pk").citations[0]["title"] == "Returning an item"
    assert talk.run.data["slots"]["order"] == "FW-10234"


def test_a_question_whose_answer_takes_too_long_does_not_hold_up_what_is_being_done(
    open_shop: Shop, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = Talk(at)
    talk.hears("I want to return FW-10234, mia@example.com")
    over = threading.Event()
    with monkeypatch.context() as slow:
        slow.setattr(looking_up, "BETWEEN", 0.05)
        slow.setattr(looking_up, "consult", lambda **_: over.wait(30))
        said = talk.hears("How long can I return a jacket?")
        over.set()

    assert said.startswith("I can't find the answer to that quickly enough right now.")
    assert said.endswith("1. Heron 2")
    assert talk.conversation.handoffs.count() == 0
    assert "How many" in talk.hears("the first one")
    assert talk.run.data["tries"] == {}


def test_what_is_corrected_is_confirmed_again(open_shop: Shop, at: datetime) -> None:
    talk = up_to_the_confirmation(at)

    assert "2 × Heron 2" in talk.hears("no, I meant 2")
    assert open_shop.done == {}

    talk.hears("yes")
    assert [one["count"] for one in open_shop.done.values()] == [2]


def test_a_worker_that_dies_after_the_call_has_not_done_it_twice(
    open_shop: Shop, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = up_to_the_confirmation(at)
    talk.says("yes")

    class Killed(BaseException):
        """As if the process were gone."""

    def dies(*_: Any, **__: Any) -> Any:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(calling, "_kept", dies)
        with pytest.raises(Killed):
            talk.turn()
    assert len(open_shop.done) == 1
    assert ActionCall.objects.get(action="create_return").state == "sent"

    assert talk.turn() == "answer"

    assert len(open_shop.done) == 1
    assert "R-1" in talk.last
    posts = [key for method, _, key in open_shop.asked if method == "POST"]
    assert len(posts) == 2
    assert len(set(posts)) == 1


def test_a_worker_that_dies_before_it_says_so_asks_nobody_again(
    open_shop: Shop, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = up_to_the_confirmation(at)
    talk.says("yes")

    class Killed(BaseException):
        """As if the process were gone."""

    def dies(*_: Any, **__: Any) -> Any:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(following, "_over", dies)
        with pytest.raises(Killed):
            talk.turn()

    assert talk.turn() == "answer"
    assert [method for method, _, _ in open_shop.asked].count("POST") == 1
    assert "R-1" in talk.last
    assert talk.turn() is None


def test_whoever_takes_it_back_while_it_is_thought_about_is_heard(
    open_shop: Shop, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = up_to_the_confirmation(at)
    talk.says("yes")
    real = candidates.live_here

    def meanwhile(*args: Any, **kwargs: Any) -> Any:
        store([make.draft(talk.conversation, "wait, no", at=talk.at)])
        return real(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr("bots.actions.procedures.running.live_here", meanwhile)
        assert talk.turn() is None

    talk.turn()
    assert open_shop.done == {}


@pytest.mark.parametrize("weather", ["down", "rubbish", "moved"])
def test_a_business_that_does_not_answer_brings_a_person_with_everything_gathered(
    open_shop: Shop, at: datetime, weather: str
) -> None:
    make.queue(is_default=True)
    open_shop.weather = weather
    talk = Talk(at)
    talk.says("I want to return FW-10234, mia@example.com")

    assert talk.turn() == "handoff"

    handoff = Handoff.objects.get()
    assert handoff.reason == "procedure"
    assert "order: FW-10234" in handoff.summary
    assert "with the business: find order – failed" in handoff.summary
    assert talk.run.state == "handed_over"
    attempts = {"down": 3, "rubbish": 3, "moved": 1}[weather]
    assert len(open_shop.asked) == attempts
    assert len({key for _, _, key in open_shop.asked}) == 1


def test_nobody_knows_what_became_of_an_order_whose_answer_was_lost(
    open_shop: Shop, at: datetime
) -> None:
    make.queue(is_default=True)
    talk = up_to_the_confirmation(at)
    open_shop.weather = "lost"

    talk.says("yes")
    talk.turn()

    assert len(open_shop.done) == 1
    assert ActionCall.objects.get(action="create_return").outcome == "unknown"
    assert "create return – unknown" in Handoff.objects.get().summary


def test_a_private_address_is_refused_unless_it_is_the_house_s_own(
    open_shop: Shop, at: datetime
) -> None:
    make.queue(is_default=True)
    Connection.objects.update(is_own=False)
    talk = Talk(at)
    talk.says("I want to return FW-10234, mia@example.com")

    assert talk.turn() == "handoff"
    assert open_shop.asked == []


def test_a_person_who_is_asked_for_by_the_button_is_told_what_was_gathered(
    open_shop: Shop, at: datetime
) -> None:
    make.queue(is_default=True)
    talk = Talk(at)
    talk.hears("I want to return FW-10234, mia@example.com")
    ask_for_a_person(conversation_id=talk.conversation.pk, at=talk.at)

    assert close_for_a_person(conversation_id=talk.conversation.pk, at=talk.at)
    assert not close_for_a_person(conversation_id=talk.conversation.pk, at=talk.at)

    assert "order: FW-10234" in Handoff.objects.get().summary
    assert talk.run.state == "handed_over"


def test_a_complaint_begins_what_takes_it_down_and_comes_to_a_person_elsewhere(
    open_shop: Shop, at: datetime
) -> None:
    other = Talk(at)
    other.hears("I want to make a complaint")
    assert Event.objects.get(kind="handoff").data["reason"] == "complaint"

    file = PACKS / "telecom" / "procedures" / "complaint.yaml"
    text = file.read_text(encoding="utf-8").replace("  inboxes: [telecom]\n", "")
    tests = file.with_suffix(".tests.yaml").read_text(encoding="utf-8")
    ensure_connection("telecom", "/demo/telecom/api", "open sesame", own=True)
    ensure_procedure(text, tests, at=at)
    for said in ("I want to make a complaint", "我要投诉"):
        talk = Talk(at)
        assert talk.hears(said)
        assert talk.run.version.procedure.key == "telecom_complaint"
        assert talk.run.state == "active"


def test_what_begins_procedures_is_learnt_before_a_customer_comes(
    open_shop: Shop, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = Talk(at)
    monkeypatch.setattr(selecting, "_matchers", {})

    assert selecting.learn_all(at=at) == 1

    monkeypatch.delattr(matching.Matcher, "learn")
    assert "order number" in talk.hears("please take back one of the things that you sent me")


def test_what_computes_holds_no_connection(
    open_shop: Shop, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There are more turns than connections, and after a restart all of them learn at once."""
    talk = Talk(at)
    held: list[bool] = []

    def watched(real: Callable[..., Any]) -> Callable[..., Any]:
        def compute(*args: Any, **kwargs: Any) -> Any:
            held.append(connection.connection is not None)
            return real(*args, **kwargs)

        return compute

    monkeypatch.setattr(selecting, "_matchers", {})
    monkeypatch.setattr(candidates, "_kept", {})
    ProcedureVersion.objects.update(vectors=b"", encoder="")
    read = watched(candidates.read_by_both)
    monkeypatch.setattr(candidates, "read_by_both", read)
    monkeypatch.setattr("bots.actions.procedures.selecting.read_by_both", read)
    monkeypatch.setattr(matching.Matcher, "learn", watched(matching.Matcher.learn))

    talk.hears("please take back one of the things that you sent me")
    assert talk.run.state == "active"
    talk.hears("what about the weather in Rome")

    assert len(held) >= 4
    assert not any(held)


def test_one_conversation_is_in_one_procedure(open_shop: Shop, at: datetime) -> None:
    talk = Talk(at)
    talk.hears("I want to return FW-10234, mia@example.com")
    assert talk.hears("never mind").startswith("All right")
    assert talk.run.state == "cancelled"

    talk.hears("I want to return FW-10234, mia@example.com")

    assert ProcedureRun.objects.count() == 2
    assert ProcedureRun.objects.filter(state="active").count() == 1


def test_secrets_are_sealed_and_questions_for_articles_stay_with_them(
    open_shop: Shop, at: datetime
) -> None:
    import_articles([RETURNS], encoders=light_encoders(), at=at, bad=lambda _line: None)
    kept = Connection.objects.get()
    assert "sesame" not in kept.secret
    assert kept.open_secret() == "open sesame"
    talk = Talk(at)

    assert "within 30 days" in talk.hears("How long can I return a jacket?")

    assert ProcedureRun.objects.count() == 0
    assert Conversation.objects.get().state == "bot"


def test_one_that_may_be_meant_is_offered_beside_what_the_articles_say(
    open_shop: Shop, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "SURE", 9.0)
    monkeypatch.setattr(matching, "MAYBE", 0.05)
    import_articles([RETURNS], encoders=light_encoders(), at=at, bad=lambda _line: None)
    talk = Talk(at)

    assert "within 30 days" in talk.hears(
        "I want to return my jacket, how long can I return a jacket?"
    )

    assert "Return an item" in Message.objects.filter(author_kind="bot").latest("pk").suggestions
    assert ProcedureRun.objects.count() == 0
    assert "order number" in talk.hears("Return an item")


def test_where_the_articles_have_nothing_it_is_offered_and_a_yes_begins_it(
    open_shop: Shop, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "SURE", 9.0)
    talk = Talk(at)

    assert "Return an item" in talk.hears("I want to return FW-10234, mia@example.com")

    assert open_shop.asked == []
    assert "Which item" in talk.hears("yes please")


def test_what_is_said_while_it_is_asked_which_is_kept(
    open_shop: Shop, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = TEXT.replace("procedure: return_item", "procedure: swap_item").replace(
        "Return an item", "Swap an item"
    )
    assert ensure_procedure(other, at=at)
    monkeypatch.setattr(matching, "CLOSE", 9.0)
    talk = Talk(at)

    assert "What is it about" in talk.hears("I want to return FW-10234")
    assert "What is it about" in talk.hears("mia@example.com")
    assert "Which item" in talk.hears("swap it please")

    assert talk.run.version.procedure.key == "swap_item"
    # Who answers neither question is not asked a third time, nor left to a person.
    another = Talk(at)
    another.hears("I want to return FW-10234")
    another.hears("mia@example.com")
    assert "Which item" in another.hears("mia@example.com")


def test_an_address_after_an_offer_is_a_yes(
    open_shop: Shop, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "SURE", 9.0)
    talk = Talk(at)

    assert "Return an item" in talk.hears("I want to return FW-10234")

    assert "Which item" in talk.hears("mia@example.com")


def test_a_slip_in_the_first_word_begins_it_all_the_same(open_shop: Shop, at: datetime) -> None:
    talk = Talk(at)

    assert "Which item" in talk.hears("I want to retrun FW-10234, mia@example.com")
