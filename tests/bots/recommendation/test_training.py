"""A recommender from end to end on small worlds: it learns the rule, serves what it learnt, survives a folder."""

from pathlib import Path

import numpy as np
import pytest

from bots.recommendation import training
from bots.recommendation.events import NothingToLearn, gathered
from bots.recommendation.figures import figures
from bots.recommendation.holding_out import last
from bots.recommendation.keeping import Occupied, alone, check_place, keep
from bots.recommendation.model import NoModel, Recommender, load
from tests.bots.recommendation.logs import Row, baskets, courses

pytestmark = pytest.mark.unit


def _trained(rows: list[Row]) -> training.Trained:
    return training.trained(gathered(rows), minutes=0.05, told=lambda _done: None)


@pytest.fixture(scope="module")
def once() -> training.Trained:
    return _trained(courses())


@pytest.fixture(scope="module")
def again() -> training.Trained:
    return _trained(baskets())


def _figures(model: Recommender, rows: list[Row]) -> float:
    log = gathered(rows)
    _, cases = last(log)
    found = []
    for case in cases:
        history = [(log.items[i], float(at)) for i, at in zip(case.items, case.at, strict=True)]
        items = [one.item for one in model.recommended(history)]
        found.append(([log.items.index(one) for one in items], case.wanted.tolist()))
    return figures(found).recall


def test_the_rule_of_courses_is_learnt_and_holds_for_customers_never_seen(
    once: training.Trained,
) -> None:
    assert _figures(once.model, courses(seed=11)) > 0.75  # by chance 10 of some 30


def test_what_was_had_is_not_offered_where_nobody_takes_it_twice(once: training.Trained) -> None:
    history = [("i4", 1.0), ("i5", 2.0), ("i6", 3.0)]
    found = once.model.recommended(history, many=30)

    assert not {"i4", "i5", "i6"} & {one.item for one in found}
    assert found[0].item == "i7"
    assert found[0].because.startswith(("often comes next after i6", "often goes with", "fits"))


def test_what_was_had_comes_first_where_customers_come_back(again: training.Trained) -> None:
    history = [(item, 86_400.0 * visit) for visit in range(4) for item in ("i1", "i2", "i3")]
    found = again.model.recommended(history, many=3)

    assert {one.item for one in found} == {"i1", "i2", "i3"}
    assert {one.because for one in found} == {"taken 4 times, last the last time"}
    assert again.figures[again.model.served].recall > again.figures["popular"].recall * 1.2


def test_scores_are_chances_from_high_to_low(once: training.Trained) -> None:
    scores = [one.score for one in once.model.recommended([("i8", 1.0), ("i9", 2.0)], many=20)]

    assert scores == sorted(scores, reverse=True)
    assert 0 < sum(scores) <= 1.001


def test_nothing_known_is_popularity_and_says_so(once: training.Trained) -> None:
    for history in ([], [("never seen", 1.0)]):
        found = once.model.recommended(history)
        assert len(found) == 10
        assert all("nothing is known of this one" in one.because for one in found)


def test_only_some_items_may_be_offered(once: training.Trained) -> None:
    found = once.model.recommended([("i1", 1.0)], only=frozenset({"i2", "i30"}))

    assert {one.item for one in found} <= {"i2", "i30"}
    assert found


def test_what_is_served_won_and_every_way_is_told(once: training.Trained) -> None:
    best = max(once.figures.values(), key=lambda one: one.ndcg)

    assert once.figures[once.model.served] == best
    assert {"sequence", "factors", "together", "following", "popular"} <= set(once.figures)
    assert once.figures[once.model.served].hit > 1.2 * once.figures["popular"].hit


def test_a_model_comes_back_from_its_folder_as_it_was(
    once: training.Trained, tmp_path: Path
) -> None:
    out = tmp_path / "model"
    card = _card(once)
    keep(once.model, card, out)
    keep(once.model, card, out)  # over an older one

    back = load(out)
    history = [("i4", 1.0), ("i5", 2.0)]
    assert back.recommended(history) == once.model.recommended(history)
    assert back.remembered("c3") == once.model.remembered("c3") != []
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
    assert "Recommender" in (out / "card.md").read_text()


def _card(done: training.Trained) -> dict[str, object]:
    from bots.recommendation.card import card

    return card(done, source="x.csv", digest="0", made_at="now")


def test_nobody_is_remembered_who_is_to_be_forgotten(tmp_path: Path) -> None:
    done = training.trained(
        gathered(courses(customers=40)), minutes=0.02, told=lambda _done: None, remember=False
    )
    keep(done.model, _card(done), tmp_path / "model")

    assert load(tmp_path / "model").remembered("c3") == []
    assert b"c3" not in (tmp_path / "model" / "names.json").read_bytes().split(b'"items"')[0]
    assert '"customers": []' in (tmp_path / "model" / "names.json").read_text()


def test_half_a_model_and_somebody_elses_folder_are_refused(
    once: training.Trained, tmp_path: Path
) -> None:
    keep(once.model, _card(once), tmp_path / "model")
    arrays = tmp_path / "model" / "arrays.npz"
    arrays.write_bytes(arrays.read_bytes()[:1000])
    with pytest.raises(NoModel):
        load(tmp_path / "model")
    with pytest.raises(NoModel, match="holds no recommender"):
        load(tmp_path)
    with pytest.raises(Occupied, match="no recommender"):
        check_place(tmp_path)
    with (
        alone(tmp_path / "one"),
        pytest.raises(Occupied, match="already"),
        alone(tmp_path / "one"),
    ):
        pass


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([], "no events"),
        ([("a", f"i{n}", float(n)) for n in range(200)], "events of 1 customer:"),
        ([(f"c{n}", "i", float(n)) for n in range(200)], "only one item"),
        ([(f"c{n}", f"i{n % 7}", float(n)) for n in range(200)], "only 0 customers came back"),
        ([(f"c{n}", f"i{n % 7}", float(n)) for n in range(30)], "30 events"),
    ],
)
def test_too_little_is_refused_with_a_reason(rows: list[Row], problem: str) -> None:
    with pytest.raises(NothingToLearn, match=problem):
        _trained(rows)


def test_numpy_serves_what_torch_trained() -> None:
    import torch

    from bots.recommendation.local_sequence import Network, Shape, _exported

    shape = Shape(width=16, heads=2, longest=12)
    torch.manual_seed(1)
    network = Network(30, shape).eval()
    with torch.no_grad():
        network.bias.normal_()
    items = np.array([3, 1, 4, 1, 5, 9, 2, 6], dtype=np.int32)

    with torch.inference_mode():
        state = network(torch.from_numpy(items[None].astype(np.int64)))[0, -1]
        wanted = torch.log_softmax(network.items.weight @ state + network.bias, 0).numpy()
    assert _exported(network, shape).scored(items) == pytest.approx(wanted, abs=1e-4)
