from pathlib import Path

import pytest

from contactcenter.launch import paths

pytestmark = pytest.mark.unit


def test_by_default_data_is_kept_beside_the_project() -> None:
    assert paths.data_dir({}) == paths.PROJECT / "var"


def test_a_relative_data_dir_is_where_the_person_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert paths.data_dir({"DATA_DIR": "here"}) == tmp_path / "here"


def test_sockets_live_inside_the_data_dir() -> None:
    place = Path("/srv/centre")

    assert paths.embedded_redis_url(place) == "unix:///srv/centre/sockets/vk/valkey.sock"
    assert paths.embedded_database_url(place) == (
        "postgresql://contactcenter@/contactcenter?host=%2Fsrv%2Fcentre%2Fsockets%2Fpg"
    )


@pytest.mark.parametrize("name", ["deep" * 40, "with space", "中文"])
def test_sockets_move_out_when_the_path_would_not_do(tmp_path: Path, name: str) -> None:
    place = paths.socket_dir(tmp_path / name)

    assert tmp_path not in place.parents
    assert len(bytes(place / "supervisor.sock.4194304")) <= 107
    assert place == paths.socket_dir(tmp_path / name)
    assert place != paths.socket_dir(tmp_path / f"{name}2")


def test_a_link_says_where_the_sockets_are(tmp_path: Path) -> None:
    place = tmp_path / ("deep" * 40)
    place.mkdir()
    (place / "sockets").symlink_to("/run/elsewhere")

    assert paths.socket_dir(place) == Path("/run/elsewhere")
