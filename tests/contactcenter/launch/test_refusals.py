"""What is wrong is said in one line, before anything runs."""

import os
import socket
from pathlib import Path

import pytest

from tests.contactcenter.launch.product import free_port, processes_of, run_manage, run_server

pytestmark = pytest.mark.journey


def refusal(data_dir: Path, **environ: str) -> str:
    done = run_server(data_dir, **({"PORT": str(free_port())} | environ))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1, done.stderr
    assert processes_of(data_dir) == []
    return done.stderr.strip()


def test_a_busy_port(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        assert refusal(tmp_path / "data", PORT=str(port)) == (
            f"Port {port} is in use by another program: stop it, or choose another PORT."
        )


def test_a_port_that_is_none(tmp_path: Path) -> None:
    assert refusal(tmp_path / "data", PORT="eighty") == (
        "PORT='eighty': say a number from 1 to 65535."
    )


def test_the_world_without_a_key(tmp_path: Path) -> None:
    assert refusal(tmp_path / "data", HOST="0.0.0.0") == (
        "HOST=0.0.0.0 is reachable from outside: set SECRET_KEY and ALLOWED_HOSTS."
    )


def test_a_database_that_is_not_there(tmp_path: Path) -> None:
    said = refusal(tmp_path / "data", DATABASE_URL="postgresql://a:secret@127.0.0.1:1/b")

    assert said.startswith("DATABASE_URL can't be reached: ")
    assert "secret" not in said


def test_a_database_url_that_is_none(tmp_path: Path) -> None:
    assert refusal(tmp_path / "data", DATABASE_URL="mysql://a/b") == (
        "DATABASE_URL must begin with postgresql://."
    )


def test_a_data_dir_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")

    assert (
        refusal(tmp_path / "data") == f"DATA_DIR={tmp_path / 'data'} can't be written: file exists."
    )


def test_data_of_another_postgresql(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    (data_dir / "postgres").mkdir(parents=True)
    (data_dir / "postgres" / "PG_VERSION").write_text("15\n")

    assert "was made by PostgreSQL 15, this is 18" in refusal(data_dir)


def test_a_half_made_cluster_is_made_again(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    (data_dir / "postgres.new").mkdir(parents=True)
    (data_dir / "postgres.new" / "PG_VERSION").write_text("18\n")

    done = run_manage(data_dir, "inspectdb", "--verbosity", "0")

    assert done.returncode == 0, done.stderr
    assert not (data_dir / "postgres.new").exists()
    assert processes_of(data_dir) == []


def test_a_stale_process_number_does_not_matter(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    assert run_manage(data_dir, "version").returncode == 0
    (data_dir / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{data_dir}/postgres\n")

    assert run_manage(data_dir, "inspectdb").returncode == 0


def test_a_command_before_the_tables_are_there(tmp_path: Path) -> None:
    done = run_manage(tmp_path / "data", "import_articles", os.devnull)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1] == (
        "The database has not the tables of this version yet. script/server makes them when it starts; "
        "without it: script/manage migrate"
    )
    assert "Traceback" not in done.stderr


def test_a_commands_failure_is_its_own(tmp_path: Path) -> None:
    done = run_manage(tmp_path / "data", "nonsense")

    assert (done.returncode, done.stdout) == (1, "")
    assert "Unknown command: 'nonsense'" in done.stderr
    assert processes_of(tmp_path / "data") == []
