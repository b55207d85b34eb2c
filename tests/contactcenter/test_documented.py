"""What the environment may say is in the manual: the README promises the full list."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[2]


def test_every_name_that_the_environment_is_asked_for_is_in_the_manual() -> None:
    code = [*ROOT.glob("contactcenter/*.py"), *ROOT.glob("contactcenter/launch/*.py")]
    asked = re.compile(r'\benv_[a-z]+\(\s*"([A-Z_]+)"')
    names = {name for file in code for name in asked.findall(file.read_text("utf-8"))}
    told = set(re.findall(r"`([A-Z_]+)`", (ROOT / "docs/running.md").read_text("utf-8")))

    assert "BOT_MODEL" in names
    assert names - told == set()
