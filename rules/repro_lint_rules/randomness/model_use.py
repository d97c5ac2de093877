"""What a program does with its networks, on which depends whether their first weights matter."""

from __future__ import annotations

import ast

from repro_lint.api import AssignEvent, CallEvent, Constant, Object, Result, code_of, lazy_pattern, options_of, root_of
from repro_lint_rules.randomness.knowledge import canonical
from repro_lint_rules.randomness.sinks import does, last_name

TRAINING = frozenset(
    {"backward", "fit", "fit_generator", "fit_one_cycle", "train_on_batch", "minimize", "apply_gradients", "fine_tune"}
)
_BUILDING = frozenset({"minimize", "apply_gradients"})
"""Of these, those that TensorFlow 1 puts into a graph, whether it is run or not."""
_USING = lazy_pattern(
    r"(?i)(^|[^a-z])(predict(ion|ions|or)?|infer(ence)?|test(ing|er)?|eval(uat(e|ion|or))?|validat(e|ion)|demo|deploy|encode|decode|translat(e|ion)"
    r"|generat(e|ion)|sampl(e|ing)|convert(er)?|export|freeze|synthesi[sz]e|visuali[sz](e|ation)|plot|serve(r)?|play|detect(ion)?"
    r"|recogni[sz]e|classify|submit|submission|interactive)([^a-z]|$)"
)
"""File names of programs that use what another one has learnt."""
_LEARNING = lazy_pattern(r"(?i)train|learn|fit")
_STORED = lazy_pattern(
    r"(?i)(load|restore|resume|read|import)_?\w*(model|param|weight|checkpoint|ckpt|state|session|net|network|graph|pretrained)s?(_|$)"
    r"|latest_checkpoint|from_pretrained|checkpoint_exists|import_meta_graph|^load_lua$"
)
"""Functions that take weights from a file, the program's own among them."""
_STORED_IN = lazy_pattern(r"(?i)ckpt|checkpoint|weight|param|model|\.(pth?|npz|h5|hdf5|pb|tar)\b")
"""What is written in a call that loads a file of weights."""
_FILLING = lazy_pattern(
    r"(?i)init(iali[sz]e)?_?\w*(param|weight|layer|network|model)|(norm|ortho|uniform|glorot|xavier|random)_?(weight|init)|param_?init"
)
"""Functions of a program that give its parameters their first values."""
_VARIABLES = frozenset({"Variable", "get_variable", "shared", "Parameter"})
_OTHERS = ("sklearn.", "umap.", "statsmodels.", "scipy.")
"""Packages whose models are fitted, and have no weights that a network draws."""
_LOADING = frozenset(
    {"load_state_dict", "load_weights", "set_weights", "from_pretrained", "load_from_checkpoint", "restore"}
)
_LOADER = lazy_pattern(r"(?i)^_?(load|restore|set)_\w*(json|model|param|weight|checkpoint)")
"""Names of the program's own functions that load weights, with ``session.run`` or ``variable.load``."""
_OVERWRITING = frozenset({"copy_", "zero_", "fill_", "constant_", "zeros_", "ones_", "eye_", "dirac_"})
_WEIGHT = lazy_pattern(r"^torch\.nn\.\w+\(\)\.weight(\.data)?$")
_COMPUTING = frozenset({"predict", "predict_on_batch", "evaluate", "get_weights"})
_STRUCTURE = lazy_pattern(r"(?i)(net|model|module)$")
_SHAPE = lazy_pattern(r"\.(shape|size|dtype|device|numel|get_shape|output_shape|summary)\b")
_MOST_PARTS = 50
_MODULES = ("torch.nn.", "keras.", "tensorflow.keras.")


class ModelUse:
    """Hears whether anything is trained, computed, loaded or overwritten."""

    def __init__(self, path: str = "") -> None:
        name = path.rpartition("/")[2].rpartition(".")[0]
        self._is_for_use = bool(_USING.search(name)) and not _LEARNING.search(name)
        """Whether the program is named after something that is done with a model which is there."""
        self._stored = self._learns = False
        """Whether anything is called that loads weights, surely or not; and whether the program trains."""
        self.evaluates = False
        self.overwritten: set[int] = set()
        """The calls whose weights are set otherwise afterwards, by the ids of their nodes."""
        self.loads_here: bool | None = None
        """Whether all DataLoaders are without workers, so that they draw in the process of the program."""
        self._loaded: list[Object] = []
        self._loads_in: list[CallEvent] = []
        """The calls that load the weights of a network which the function around them has made."""
        self._ran = self._graph = False
        """Whether a session runs anything but what gives variables their first values; and whether there is one."""
        self._restored_at = -1
        """The order of the last call that surely restores all variables of TensorFlow."""
        self._trains = self._computes = self._loads = False
        self._tells = False
        """Whether anything but descriptions, such as shapes, is printed, shown or written."""

    def replaces(self, event: CallEvent) -> bool:
        """Whether the weights that the call draws are replaced by those of a file."""
        return (
            id(event.node) in self.overwritten
            or any(
                function.name in _LOADING or any(function.bound is model for model in self._loaded)
                for function in event.stack
            )
            or any(event.order < load.order and _runs_within(event, load) for load in self._loads_in)
            or (event.order < self._restored_at and canonical(event.name or "").startswith("tensorflow."))
        )

    def _hear_session(self, event: CallEvent, name: str) -> None:
        """Note whether a session restores all variables before it has run anything but what gives them first values."""
        self._graph = self._graph or (name.startswith("tensorflow.") and name.endswith("Session"))
        if event.method == "run":
            first = root_of(event.args[0]) if event.args else None
            begins = isinstance(first, Result) and (first.event.method or "").endswith(("initializer", "variables"))
            self._ran = self._ran or not begins
        if not name.startswith("tensorflow."):
            return
        if event.method == "restore" and event.certain and not self._ran:
            self._restored_at = event.order

    def hear_assigned(self, event: AssignEvent) -> None:
        """Note weights that are set: ``layer.weight.data = values``."""
        holder: ast.expr = event.node
        while isinstance(holder, (ast.Attribute, ast.Subscript)):
            holder = holder.value
        semantics = event.source.semantics
        made = semantics.binding_of(holder) if isinstance(holder, ast.Name) else None
        if made is not None and made.assigned is not None and _WEIGHT.search(event.name):
            self.overwritten.add(id(made.assigned))

    @property
    def needs_weights(self) -> bool:
        """Whether a result may depend on the first weights of a network."""
        only_built = self._graph and not self._ran and not self._learns
        if self.is_used or only_built:
            return False
        return self._trains or (self._computes and not self._loads and not self._stored and self._tells)

    @property
    def is_used(self) -> bool:
        """Whether the program uses a model that was stored, in whatever way it takes it from there."""
        return self._is_for_use and self._stored and not self._learns

    def builds(self, event: CallEvent) -> bool:
        """Whether the call is a part of how a model is built that was stored, or of how it is given its examples.

        First values, what is left out, and in which order examples are taken.
        """
        if not self.is_used:
            return False
        if event.method == "dropout":
            return True
        around = (node for node in event.source.semantics.ancestors(event.node) if isinstance(node, ast.Call))
        named = any(_FILLING.search(function.name) for function in event.stack)
        named = named or (bool(event.stack) and _sets_weights(event.stack[-1].node))
        homes = (function.home.node.name for function in event.stack if function.home is not None)
        return (
            named
            or any(name.endswith("Sampler") for name in homes)
            or any(last_name(call.func) in _VARIABLES for call in around)
        )

    def hear(self, event: CallEvent, name: str | None) -> None:
        """Note what the call does; ``name`` is its canonical name."""
        if event.method in TRAINING and not (name or "").startswith(_OTHERS):
            self._trains = True
            self._learns = self._learns or event.method not in _BUILDING
        self._stored = self._stored or _is_stored(event)
        if event.method in _LOADING:
            self._loads = True
            model = root_of(event.receiver) if event.receiver is not None else None
            if isinstance(model, Object) and not _may_be_left_out(event):
                self._loaded += _parts(model)
            elif event.method == "load_weights" and event.stack and not _may_be_left_out(event):
                self._loads_in.append(event)
        self._hear_session(event, name or "")
        if event.method in ("run", "load") and event.certain and (name or "").startswith("tensorflow."):
            loaders = (function.bound for function in event.stack if _LOADER.match(function.name))
            self._loaded += [part for model in loaders if isinstance(model, Object) for part in _parts(model)]
        self.evaluates = self.evaluates or event.method in ("eval", "no_grad", "inference_mode")
        if not self._tells:
            self._tells = event.source.notebook is not None or _tells(event)
        if name is not None and name.startswith(_MODULES):
            uses = name.endswith("()") or ("()." in name and event.method in _COMPUTING)
            self._computes = self._computes or (uses and not event.handed)
        if name == "torch.utils.data.DataLoader":
            workers = event.argument(5, "num_workers")
            here = not event.open and (workers is None or (isinstance(workers, Constant) and workers.value == 0))
            self.loads_here = here and self.loads_here is not False
        if event.method in _OVERWRITING and "bias" not in code_of(event.node):
            for value in (event.receiver, event.argument(0)):
                layer = root_of(value) if value is not None else None
                if isinstance(layer, Result):
                    self.overwritten.add(id(layer.event.node))


def _sets_weights(function: ast.AST) -> bool:
    """Whether a function gives a layer its weights, which it may have drawn for that."""
    called = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    return any(isinstance(func, ast.Attribute) and func.attr == "set_weights" for func in called)


def _is_stored(event: CallEvent) -> bool:
    """Whether the call, or a function of the program around it, takes weights from a file by its name."""
    names = (event.method or "", *(function.name for function in event.stack))
    if event.method in _LOADING or any(map(_STORED.search, names)):
        return True
    loads = event.method == "load" and (event.name or "").startswith(("torch.", "numpy.", "pickle.", "joblib."))
    return loads and (event.name == "torch.load" or _STORED_IN.search(code_of(event.node)) is not None)


def _parts(model: Object) -> list[Object]:
    """A model, and the networks of the program that it is made of."""
    found = [model]
    for part in found:
        if len(found) < _MOST_PARTS:
            values = [option for value in part.attributes.values() for option in options_of(value)]
            found += [value for value in values if isinstance(value, Object) and value not in found]
    return found


def _may_be_left_out(load: CallEvent) -> bool:
    """Whether a model is loaded only under a condition, as when a training goes on; not if it is made under it, too."""
    receiver = load.node.func.value if isinstance(load.node.func, ast.Attribute) else load.node.func
    name = code_of(receiver).partition(".")[0]
    for node in load.source.semantics.ancestors(load.node):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return False
        if isinstance(node, ast.If):
            made = (target for part in ast.walk(node) if isinstance(part, ast.Assign) for target in part.targets)
            return not any(isinstance(target, ast.Name) and target.id == name for target in made)
    return False


def _runs_within(event: CallEvent, load: CallEvent) -> bool:
    """Whether a call is made by the function that loads, or by one that it calls."""
    depth = len(load.stack)
    return len(event.stack) >= depth and all(
        ours.node is theirs.node for ours, theirs in zip(event.stack[:depth], load.stack, strict=True)
    )


def _tells(event: CallEvent) -> bool:
    """Whether a call prints, shows or writes something that may be a result."""
    if does("printing", event.method) or event.method in ("info", "debug"):
        return not all(map(describes, event.node.args))
    return does("showing", event.method) or does("writing", event.method) or event.method == "write"


def describes(shown: ast.expr) -> bool:
    """Whether what is printed is a text, the shape of something, or the structure of a network."""
    if isinstance(shown, ast.JoinedStr):
        return all(describes(part.value) for part in shown.values if isinstance(part, ast.FormattedValue))
    if isinstance(shown, ast.Name):
        return _STRUCTURE.search(shown.id) is not None
    return isinstance(shown, ast.Constant) or _SHAPE.search(code_of(shown)) is not None
