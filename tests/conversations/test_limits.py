"""How often is too often."""

import pytest

from conversations.errors import RateLimited
from conversations.limits import Bucket, Limit

pytestmark = pytest.mark.unit


def test_a_bucket_lets_a_burst_through_and_then_its_rate() -> None:
    bucket = Bucket(rate=2, burst=3)

    assert [bucket.take(now=100) for _ in range(4)] == [0, 0, 0, 0.5]
    assert bucket.take(now=100.5) == 0
    assert bucket.take(now=100.5) == 0.5


def test_thirty_messages_within_a_second_are_too_many() -> None:
    bucket = Bucket(rate=15, burst=10)

    refused = [n for n in range(30) if bucket.take(now=50 + n / 30)]

    assert refused


def test_keys_do_not_share_a_bucket() -> None:
    limit = Limit(rate=0.001, burst=1)
    limit.check("a")
    limit.check("b")

    with pytest.raises(RateLimited) as refusal:
        limit.check("a")

    assert refusal.value.retry_after is not None
    assert refusal.value.retry_after > 900
