"""What the arguments of a call say about its seed, and about whether it is random at all."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from repro_lint.api import CallEvent, Constant, Value, may_be_none, options_of
from repro_lint_rules.randomness.knowledge import Condition, SeedParameter
from repro_lint_rules.randomness.releases import before

_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
}
_FOLDS = frozenset({"KFold", "StratifiedKFold", "StratifiedGroupKFold", "GroupKFold"})
"""Raise ValueError for a random_state without shuffle=True, since scikit-learn 0.24 (GroupKFold: 1.6)."""
_CENTRES = {"scipy.cluster.vq.kmeans": "k_or_guess", "scipy.cluster.vq.kmeans2": "k"}
"""What takes the number of centres, and draws them, or the centres themselves."""
SEED_KEYWORDS = ("random_state", "seed", "rng", "random_seed", "generator")
"""What parameters for a seed are called."""
_LARGEST_SEED = 2**32 - 1


def seed_of(event: CallEvent, parameter: SeedParameter) -> Value | None:
    """The seed that is passed, or None."""
    return event.argument(parameter.position, *parameter.keywords)


def is_random(event: CallEvent, parameter: SeedParameter) -> bool:
    """Whether the call is random without a seed; False where the arguments do not tell."""
    centres = _CENTRES.get(parameter.name)
    if centres is not None and not isinstance(event.argument(1, centres), Constant):
        return False
    if parameter.name.endswith("watts_strogatz_graph") and _is_zero(event.argument(2, "p")):
        return False  # no edge is moved
    for conditions in parameter.unless:
        if all(_holds(condition, event) is not False for condition in conditions):
            return False
    if not parameter.when:
        return True
    when, earlier = parameter.when, parameter.earlier
    if earlier is not None and before(event.source.project, earlier.package, earlier.release):
        when += earlier.when
    return any(all(_holds(condition, event) for condition in conditions) for conditions in when)


def _is_zero(value: Value | None) -> bool:
    return isinstance(value, Constant) and value.value == 0


def _holds(condition: Condition, event: CallEvent) -> bool | None:
    """Whether an argument is as the condition says; a default never is, what is not known may be."""
    keyword, comparison, wanted = condition
    value = event.keywords.get(keyword)
    if value is None:
        return wanted is None and comparison == "==" and not event.open
    answers = set()
    for option in options_of(value):
        if not isinstance(option, Constant):
            return None
        try:
            answers.add(bool(_COMPARISONS[comparison](option.value, wanted)))
        except TypeError:
            return None
    return answers.pop() if len(answers) == 1 else None


def raises(event: CallEvent, parameter: SeedParameter) -> str | None:
    """Why scikit-learn refuses the arguments, or None."""
    package, _, name = parameter.name.partition(".")
    seed = seed_of(event, parameter)
    if package != "sklearn" or seed is None or may_be_none(seed):
        return None
    function = name.rpartition(".")[2]
    folds = function in _FOLDS and "cross_validation" not in (event.name or "")  # whose folds took a seed for nothing
    if folds and not event.open and any(isinstance(option, Constant) for option in options_of(seed)):
        shuffle = event.argument(1, "shuffle")
        if shuffle is None or (isinstance(shuffle, Constant) and shuffle.value is False):
            return f"{function} takes a random_state only with shuffle=True"
    if not isinstance(seed, Constant):
        return None
    if isinstance(seed.value, (str, float, bytes)):
        return f"random_state={seed.value!r} is not an integer, a RandomState or None"
    if type(seed.value) is int and not 0 <= seed.value <= _LARGEST_SEED:
        return f"random_state={seed.value} is not between 0 and 2**32 - 1"
    return None
