import socket

import pytest

from contactcenter.launch import checks
from contactcenter.launch.programs import Address
from contactcenter.launch.terminal import CannotStart

pytestmark = pytest.mark.integration


def test_a_free_port_is_fine() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    checks.check_port(Address("127.0.0.1", port))


def test_a_port_in_use_is_named() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(CannotStart, match=f"^Port {port} is in use by another program: "):
            checks.check_port(Address("127.0.0.1", port))


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(CannotStart, match=r"HOST=192\.0\.2\.1 PORT=8000: can't listen there"):
        checks.check_port(Address("192.0.2.1", 8000))


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("DATABASE_URL", "postgresql://nobody:secret@127.0.0.1:1/none"),
        ("REDIS_URL", "redis://:secret@127.0.0.1:1/0"),
        ("CELERY_BROKER_URL", "amqp://guest:secret@127.0.0.1:1//"),
    ],
)
def test_a_server_that_is_not_there_is_named_in_one_line(
    monkeypatch: pytest.MonkeyPatch, name: str, url: str
) -> None:
    for other in ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL"):
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv(name, url)

    with pytest.raises(CannotStart, match=f"^{name} can't be reached: ") as refusal:
        checks.check_given_urls()

    assert "\n" not in str(refusal.value)
    assert "secret" not in str(refusal.value)


def test_without_urls_there_is_nothing_to_check(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL"):
        monkeypatch.delenv(name, raising=False)

    checks.check_given_urls()
