import signal
from configparser import RawConfigParser
from pathlib import Path

import pytest

from contactcenter.launch.programs import Address, all_programs, configuration
from contactcenter.launch.services import Service

pytestmark = pytest.mark.unit

DATA = Path("/srv/100% ours")
EMBEDDED = [Service("postgres", ["postgres", "-D", "/srv/a b"], signal.SIGINT)]


def read(services: list[Service], environ: dict[str, str]) -> RawConfigParser:
    programs = all_programs(Address("127.0.0.1", 8000), services, DATA, environ)
    parser = RawConfigParser()
    parser.read_string(configuration(programs, DATA))
    return parser


def test_servers_start_first_and_stop_last() -> None:
    parser = read(EMBEDDED, {})

    assert dict(parser["group:services"]) == {"programs": "postgres", "priority": "1"}
    assert dict(parser["group:app"]) == {"programs": "web,worker,model,beat", "priority": "2"}


def test_servers_of_the_companys_own_are_left_alone() -> None:
    assert "group:services" not in read([], {})


def test_every_program_is_brought_back_for_ever() -> None:
    parser = read(EMBEDDED, {})
    programs = [parser[name] for name in parser.sections() if name.startswith("program:")]

    assert {(p["autorestart"], p["startretries"]) for p in programs} == {("true", "1000000")}


def test_spaces_and_percent_signs_survive() -> None:
    parser = read(EMBEDDED, {})

    assert parser["program:postgres"]["command"] == "postgres -D '/srv/a b'"
    assert parser["program:web"]["stdout_logfile"] == "/srv/100%% ours/logs/web.log"
    assert "default@%%h" in parser["program:worker"]["command"]


def test_a_proxy_is_believed_only_when_there_is_one() -> None:
    assert "--proxy-headers" not in read([], {})["program:web"]["command"]
    assert "--proxy-headers" in read([], {"BEHIND_PROXY": "1"})["program:web"]["command"]


def test_the_model_yields_to_people() -> None:
    assert "--nice 10 --" in read([], {})["program:model"]["command"]
    assert "--nice idle --" in read([], {"MODEL_NICE": "idle"})["program:model"]["command"]


def test_tasks_come_after_the_sockets() -> None:
    assert "-- nice -n 3 " in read([], {})["program:worker"]["command"]


def test_answers_and_indexing_have_a_queue_each() -> None:
    assert "-Q model,index -P" in read([], {})["program:model"]["command"]
    assert "-Q default -P" in read([], {})["program:worker"]["command"]
