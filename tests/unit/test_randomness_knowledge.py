"""What the family knows of seed parameters, held against the libraries themselves where they are installed."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from typing import Any

import pytest

from repro_lint.api import CallEvent, Constant
from repro_lint_rules.randomness.knowledge import SeedParameter, canonical, knowledge
from repro_lint_rules.randomness.seed_arguments import is_random, raises


def parameters(package: str) -> list[SeedParameter]:
    """What is known of the callables of a package."""
    known = {found.name: found for found in knowledge().seed_parameters.values()}
    return [found for name, found in sorted(known.items()) if name.startswith(f"{package}.")]


def resolve(name: str) -> Callable[..., Any]:
    module, _, function = name.rpartition(".")
    if "Halving" in function:
        importlib.import_module("sklearn.experimental.enable_halving_search_cv")
    found: Callable[..., Any] = getattr(importlib.import_module(module), function)
    return found


def event(*args: object, **keywords: object) -> CallEvent:
    """A call with constant arguments."""
    import ast

    node = ast.parse("f()").body[0].value  # type: ignore[attr-defined]
    values = {name: Constant(value) for name, value in keywords.items()}
    positional = tuple(Constant(value) for value in args)
    return CallEvent(node, None, "f", "f", None, positional, values, False, True, 1, ())  # type: ignore[arg-type]


@pytest.mark.parametrize("parameter", parameters("sklearn"), ids=lambda parameter: parameter.name)
def test_scikit_learn(parameter: SeedParameter) -> None:
    pytest.importorskip("sklearn")
    found = inspect.signature(resolve(parameter.name)).parameters
    assert found[parameter.keywords[0]].default in (None, inspect.Parameter.empty)
    if parameter.position is not None:
        assert list(found)[parameter.position] == parameter.keywords[0]
    for conditions in (*parameter.when, *parameter.unless):
        assert {keyword for keyword, _, _ in conditions} <= set(found)


def test_what_takes_no_seed() -> None:
    found_in = pytest.importorskip("sklearn.utils.discovery")
    splitters = vars(importlib.import_module("sklearn.model_selection"))
    everything = {**splitters, **dict([*found_in.all_estimators(), *found_in.all_functions()])}
    names = {name.partition(":")[2] for name in knowledge().no_seed}
    assert names <= set(everything)
    for name in names:
        found = inspect.signature(everything[name]).parameters
        assert "random_state" not in found
        assert all(parameter.kind is not inspect.Parameter.VAR_KEYWORD for parameter in found.values())


@pytest.mark.parametrize("arguments", [{"random_state": 0}, {"random_state": 0, "shuffle": False}])
@pytest.mark.parametrize("name", ["KFold", "StratifiedKFold", "GroupKFold", "StratifiedGroupKFold"])
def test_folds_refuse_a_seed(name: str, arguments: dict[str, object]) -> None:
    selection = pytest.importorskip("sklearn.model_selection")
    (parameter,) = (found for found in parameters("sklearn") if found.name == f"sklearn.model_selection.{name}")
    assert raises(event(**arguments), parameter) is not None
    assert raises(event(**{**arguments, "shuffle": True}), parameter) is None
    with pytest.raises(ValueError, match="shuffle"):
        getattr(selection, name)(**arguments)


@pytest.mark.parametrize("seed", ["1", -1, 2**32, 1.5])
def test_seeds_that_are_refused(seed: object) -> None:
    selection = pytest.importorskip("sklearn.model_selection")
    (parameter,) = (f for f in parameters("sklearn") if f.name == "sklearn.model_selection.train_test_split")
    assert raises(event(random_state=seed), parameter) is not None
    with pytest.raises(ValueError, match="random_state"):
        selection.train_test_split([1, 2, 3], random_state=seed)


def test_draws_of_numpy() -> None:
    numpy = pytest.importorskip("numpy")
    names = [name for name, library in knowledge().draws.items() if library == "numpy" and name.startswith("numpy.")]
    missing = [name for name in names if not hasattr(numpy.random, name.rpartition(".")[2])]
    assert missing == []
    for name in ("rand", "normal", "choice", "permutation"):
        numpy.random.seed(0)
        before = numpy.random.get_state()[2]
        getattr(numpy.random, name)(3)
        assert numpy.random.get_state()[2] != before


def test_pandas_samples_from_numpy() -> None:
    pandas = pytest.importorskip("pandas")
    numpy = pytest.importorskip("numpy")
    (parameter,) = (p for packages, _, p in knowledge().methods if "pandas." in packages)
    found = list(inspect.signature(pandas.DataFrame.sample).parameters)
    assert parameter.position is not None
    assert found[parameter.position + 1] == parameter.keywords[0]
    frame = pandas.DataFrame({"a": range(100)})
    numpy.random.seed(1)
    first = frame.sample(5)
    numpy.random.seed(1)
    assert first.equals(frame.sample(5))


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("sklearn.model_selection.KFold", {}, False),
        ("sklearn.model_selection.KFold", {"shuffle": True}, True),
        ("sklearn.model_selection.train_test_split", {}, True),
        ("sklearn.model_selection.train_test_split", {"shuffle": False}, False),
        ("sklearn.svm.SVC", {"probability": False}, False),
        ("sklearn.datasets.make_moons", {"shuffle": False}, False),
        ("sklearn.datasets.make_moons", {"shuffle": False, "noise": 0.1}, True),
        ("sklearn.ensemble.GradientBoostingRegressor", {"subsample": 0.5}, True),
        ("sklearn.ensemble.GradientBoostingRegressor", {"subsample": 1.0}, False),
        ("networkx.betweenness_centrality", {"k": None}, False),
    ],
)
def test_conditions(name: str, arguments: dict[str, object], expected: bool) -> None:
    assert is_random(event(**arguments), knowledge().seed_parameters[canonical(name)]) is expected


def test_every_condition_is_one_of_a_known_callable() -> None:
    from pathlib import Path

    import tomli

    import repro_lint_rules.randomness.knowledge as module

    data = tomli.loads((Path(module.__file__).parent / "seed_parameters.toml").read_text(encoding="utf-8"))
    names = {found.name for found in knowledge().seed_parameters.values()}
    assert {*data["conditions"]["when"], *data["conditions"]["unless"]} <= names
    assert set(" ".join(data["effect"].values()).split()) <= names
    assert set(data["versions"]) >= {"sklearn", "scipy", "networkx"}
