"""Seeds that an object gets after it was made."""

from __future__ import annotations

from repro_lint.api import CallEvent, Mapping, root_of
from repro_lint_rules.randomness.draws import Draw
from repro_lint_rules.randomness.own_seeds import holds

_ENSEMBLES = frozenset(
    {"BaggingClassifier", "BaggingRegressor", "AdaBoostClassifier", "AdaBoostRegressor", "ClassifierChain"}
    | {"RegressorChain", "BalancedBaggingClassifier", "EasyEnsembleClassifier", "RUSBoostClassifier"}
)
"""Set the random_state of the estimators that they copy."""
_DRAWN_FROM = frozenset({"split", "sample", "predict", "resample", "score", "kneighbors"})
"""Methods of estimators and splitters that draw, besides those that begin with ``fit``."""


def note_late_seeds(event: CallEvent, draws: list[Draw]) -> None:
    """``model.set_params(random_state=0)``, a grid of parameters with seeds in it, and the use of an object."""
    receiver = root_of(event.receiver) if event.receiver is not None else None
    keys = [key for key in event.keywords if key.endswith("random_state")] if event.method == "set_params" else []
    for value in (*event.args, *event.keywords.values()):
        if isinstance(value, Mapping):
            keys += [key for key in value.items if isinstance(key, str) and key.endswith("random_state")]
    if event.method in _ENSEMBLES:
        keys.append("random_state")
    uses = (event.method or "").startswith("fit") or event.method in _DRAWN_FROM
    for draw in draws if keys or uses else ():
        if draw.value is None:
            continue
        draw.used = draw.used or draw.value is receiver
        if keys and any(holds(part, draw.value) for part in (receiver, *event.args, *event.keywords.values())):
            draw.value.notes["random_state"] = draw.value
