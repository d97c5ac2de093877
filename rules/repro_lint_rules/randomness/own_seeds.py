"""What the arguments of a draw say about where it draws from."""

from __future__ import annotations

import ast
from itertools import takewhile

from repro_lint.api import (
    CallEvent,
    Constant,
    Result,
    Sequence,
    Value,
    is_none,
    last_name,
    lazy_pattern,
    options_of,
    root_of,
)
from repro_lint_rules.randomness.knowledge import DROPOUTS, canonical

_INITIALIZERS = ("kernel_initializer", "embeddings_initializer", "init", "weights", "depthwise_initializer")
_FIXED = frozenset({"zeros", "ones", "zero", "one", "identity", "constant"})
_WEIGHTS = ("torch.nn.", "keras.layers.", "tensorflow.layers.")
"""Where the draws are first weights, which matter only if something is learnt from them or computed with them."""
_STATE = ("Parameter", "register_buffer", "register_parameter")
"""What makes a tensor a part of a network, which is stored and loaded with it."""
STATES = ("getstate", "get_state", "get_rng_state")
"""The functions that give the state of a generator, to go back to."""
_JITTED = ("numba.", "llvmlite.")
_INITIALIZER = lazy_pattern(r"(?i)initiali[sz]er$")
_DROPPING = lazy_pattern(r"(?i)drop_?(out|connect|path|block)|stochastic_?depth")
_DEEPEST = 4
_TENSORS = ("torch.empty", "torch.zeros", "torch.ones")


def is_weight(event: CallEvent) -> bool:
    """Whether the draw is that of the first weights of a network."""
    name = canonical(event.name or "torch.nn.")
    if name.startswith("torch.rand"):
        return any(
            isinstance(node, ast.Call) and last_name(node.func) in _STATE
            for node in takewhile(_is_expression, event.source.semantics.ancestors(event.node))
        )
    if name.startswith("tensorflow.") and any(_INITIALIZER.search(function.name) for function in event.stack):
        return True
    tensor = root_of(event.args[0]) if event.args and name.startswith("torch.nn.init.") else None
    if isinstance(tensor, Result) and (tensor.event.name or "").startswith(_TENSORS):
        return False
    return name.startswith(_WEIGHTS) and not name.startswith("torch.nn.functional.")


def _is_expression(node: ast.AST) -> bool:
    return isinstance(node, (ast.expr, ast.keyword))


def is_dropout(event: CallEvent) -> bool:
    """Whether the draw leaves out parts of a network, which is done while it learns only."""
    if event.name in DROPOUTS or not canonical(event.name or "").startswith(("torch.", "tensorflow.")):
        return event.name in DROPOUTS
    return any(
        _DROPPING.search(function.name) or (function.home is not None and _DROPPING.search(function.home.node.name))
        for function in event.stack
    )


def draws_later(event: CallEvent) -> bool:
    """Whether what is made, a loader of data or a sampler, draws only when somebody loops over it."""
    name = canonical(event.name or "")
    return name.startswith("torch.utils.data.") and not name.endswith(".random_split")


def on_gpu(event: CallEvent) -> bool:
    """Whether the numbers are drawn on a GPU, or on a device that is not known."""
    device = event.keywords.get("device")
    return device is not None and not (isinstance(device, Constant) and device.value in ("cpu", None))


def has_own_seed(event: CallEvent, name: str) -> bool:
    """Whether the arguments show, or may show, that the call does not draw from the global generator."""
    for keyword in ("generator", "seed", "rng"):
        if keyword in event.keywords and not is_none(event.keywords[keyword]):
            return True
    if name == "torch.utils.data.DataLoader":
        shuffle = event.argument(2, "shuffle")
        return not (isinstance(shuffle, Constant) and shuffle.value is True)
    if name == "tensorflow.layers.dropout":
        training = event.argument(4, "training")
        return training is None or (isinstance(training, Constant) and training.value is False)
    if name.startswith("torch.nn.functional."):
        training = event.argument(2, "training")
        return training is not None and not (isinstance(training, Constant) and training.value is True)
    if name.startswith("keras.layers."):
        for keyword in _INITIALIZERS:
            value = event.keywords.get(keyword)
            texts = [o.value for o in options_of(value) if isinstance(o, Constant)] if value is not None else []
            if value is not None and not all(isinstance(t, str) and t.lower() not in _FIXED for t in texts or [None]):
                return True
    return event.open and name.startswith("torch.utils.data.")


def in_compiled_code(event: CallEvent) -> bool:
    """Whether Numba compiles the function that makes the call."""
    return any(name.startswith(_JITTED) for function in event.stack for name in function.decorators)


def restores(state: Value | None) -> bool:
    """Whether the state is one that was asked for before: going back to it is no seed."""
    root = root_of(state) if state is not None else None
    return isinstance(root, Result) and root.event.method in STATES


def made_with_seed(event: CallEvent) -> bool:
    """Whether the object whose method draws was made with a seed."""
    return event.open or any(not is_none(event.keywords.get(word)) for word in ("random_state", "seed", "rng"))


def holds(value: Value | None, wanted: Result, depth: int = 0) -> bool:
    """Whether the value is the wanted one, or a pipeline, search or list that was made with it."""
    if value is wanted:
        return True
    if value is None or depth > _DEEPEST:
        return False
    parts: tuple[Value, ...] = ()
    if isinstance(value, Sequence):
        parts = tuple(value.items)
    elif isinstance(value, Result):
        parts = (*value.event.args, *value.event.keywords.values())
    return any(holds(part, wanted, depth + 1) for part in parts)
