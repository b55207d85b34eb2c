"""The real product: started, killed in every part, started twice, stopped."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Origin

from tests.contactcenter.launch.product import (
    Product,
    copy_of,
    processes_of,
    run_manage,
    run_server,
    wait_for,
)

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory, furnished: Path) -> Iterator[Product]:
    running = Product(copy_of(furnished, tmp_path_factory.mktemp("launch") / "data"))
    try:
        running.wait_until_up(120)
        yield running
    finally:
        status = running.stop()
        left = processes_of(running.data_dir)
    assert status == 0, running.log.read_text()
    assert left == []


def test_it_says_where_to_click(product: Product) -> None:
    def has_greeted() -> bool:
        return "Ctrl-C stops everything" in product.log.read_text()

    wait_for(has_greeted, 180, product.log.read_text())
    assert f"http://localhost:{product.port}/console/" in product.log.read_text()


def test_each_program_comes_back_after_kill_9(product: Product) -> None:
    product.kill("app:web", "app:worker", "app:model", "app:beat")

    product.wait_until_up(30)


def test_both_servers_come_back_after_kill_9(product: Product) -> None:
    product.kill("services:postgres", "services:valkey")

    product.wait_until_up(30)


def test_everything_comes_back_after_supervisord_was_killed(product: Product) -> None:
    web = product.pid("app:web")

    product.kill("supervisord")

    product.wait_until_up(30)
    assert product.pid("app:web") not in {0, web}


def test_a_second_server_on_the_same_data_says_so(product: Product) -> None:
    second = run_server(product.data_dir, PORT="1")

    assert second.returncode == 2
    assert second.stderr == (
        f"DATA_DIR={product.data_dir} is in use by script/server "
        f"(process {product.process.pid}): stop that, or choose another DATA_DIR.\n"
    )


def test_a_command_uses_the_servers_that_run(product: Product) -> None:
    before = product.pid("services:postgres")

    done = run_manage(product.data_dir, "showmigrations", "--plan", "--verbosity", "0")

    assert (done.returncode, done.stderr) == (0, "")
    assert "[X]  contenttypes.0001_initial" in done.stdout
    assert "[ ]" not in done.stdout
    assert product.pid("services:postgres") == before


def test_metrics_cover_all_processes(product: Product) -> None:
    status, said = product.get("/metrics")

    assert status == 200
    assert "contactcenter_post_seconds" in said


def test_a_big_frame_closes_the_socket_with_1009(product: Product) -> None:
    status, said = product.post("/api/v1/sessions", {"inbox": "web"})
    assert status == 201, said
    address = f"ws://127.0.0.1:{product.port}/ws/chat?token={said['token']}"

    with connect(address, origin=Origin(f"http://127.0.0.1:{product.port}")) as chat:
        chat.send("x" * 70_000)
        with suppress(ConnectionClosed):
            while True:
                chat.recv(timeout=10)

        assert chat.close_code == 1009


def test_a_killed_launcher_leaves_nobody_behind(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    fresh = Product(data_dir)
    wait_for((data_dir / "sockets/pg/.s.PGSQL.5432").exists, 30, "PostgreSQL is up")

    os.kill(fresh.process.pid, signal.SIGKILL)
    fresh.process.wait()

    wait_for(lambda: processes_of(data_dir) == [], 30, "all have ended")
