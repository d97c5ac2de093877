"""What a program draws, and what it seeds: heard while it is walked through."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from repro_lint.api import CallEvent, Constant, Handler, Result, Value, is_none, options_of, root_of
from repro_lint_rules.randomness.harmless import is_harmless
from repro_lint_rules.randomness.knowledge import canonical, knowledge

_INITIALIZERS = ("kernel_initializer", "embeddings_initializer", "init", "weights", "depthwise_initializer")
_FIXED = frozenset({"zeros", "ones", "zero", "one", "identity", "constant"})
_TRAINING = frozenset(
    {"backward", "fit", "fit_generator", "fit_one_cycle", "train_on_batch", "minimize", "apply_gradients", "fine_tune"}
)
_LOADING = frozenset({"load_state_dict", "load_weights", "set_weights", "from_pretrained", "load_from_checkpoint"})
_OVERWRITING = frozenset({"copy_", "zero_", "fill_", "constant_", "zeros_", "ones_", "eye_", "dirac_"})
_WEIGHTS = ("torch.nn.", "keras.layers.", "tensorflow.layers.")
"""Where the draws are first weights, which matter only if something is learnt from them or computed with them."""
_PASSED_AS = ("random_state", "rng", "generator", "random", "seed", "prng", "random_generator")


@dataclass(eq=False)
class Source:
    """Where numbers come from: a library's global generator, or (``made``) one that is made without a seed."""

    library: str
    made: CallEvent | None = None
    draws: list[CallEvent] = field(default_factory=list)


class ProgramDraws(Handler):
    """Collects draws by what they draw from, and the libraries that something seeds."""

    def __init__(self) -> None:
        self.known = knowledge()
        self.seeded: set[str] = set()
        self.globals: dict[str, Source] = {}
        self.made: dict[int, Source] = {}
        self.reseeded: set[int] = set()
        self._seen: set[tuple[int, str]] = set()
        self._overwritten: set[int] = set()
        self._trains = self._computes = self._loads = False

    def knows(self, name: str) -> bool:
        """Whether it is something that draws or seeds."""
        name = canonical(name)
        return name in self.known.draws or name in self.known.seeders or name in self.known.generators

    def call(self, event: CallEvent) -> Value | None:
        """Note what the call draws or seeds."""
        name = canonical(event.name) if event.name is not None else None
        self._trains = self._trains or event.method in _TRAINING
        self._loads = self._loads or event.method in _LOADING
        if name is not None and name.endswith("()") and name.startswith(("torch.nn.", "keras.", "tensorflow.keras.")):
            self._computes = self._computes or not event.handed
        if event.method in _OVERWRITING and "bias" not in ast.unparse(event.node):
            for value in (event.receiver, event.argument(0)):
                layer = root_of(value) if value is not None else None
                if isinstance(layer, Result):
                    self._overwritten.add(id(layer.event.node))
        if not self._seeds(event, name):
            self._draws(event, name)
        return None

    def unseeded(self) -> list[Source]:
        """What draws without a seed, in the order of the first draws: one for each library and way."""
        found = [
            source for library, source in self.globals.items() if library not in self.seeded and self._matters(source)
        ]
        found += [source for key, source in self.made.items() if key not in self.reseeded]
        return sorted((source for source in found if source.draws), key=lambda source: source.draws[0].order)

    def _matters(self, source: Source) -> bool:
        """Whether the draws reach a result, as far as the rest of the program tells."""
        if source.library == "tensorflow" and "numpy" in self.seeded:
            # Keras before version 2 drew from NumPy; whether its seed is enough is not the question here.
            source.draws = [draw for draw in source.draws if not (draw.name or "").startswith("keras.")]
        source.draws = [draw for draw in source.draws if id(draw.node) not in self._overwritten]
        if "torch" in self.seeded and all(draw.handed for draw in source.draws):
            return False  # the workers of a DataLoader seed random and numpy from PyTorch's generator
        if all(_is_weight(draw) for draw in source.draws):
            return self._trains or (self._computes and not self._loads)
        return True

    # Seeds.

    def _seeds(self, event: CallEvent, name: str | None) -> bool:
        known = self.known
        if name is not None and name in known.seeders:
            if event.open or not is_none(event.argument(0, "seed", "a", "state", "new_state")):
                self.seeded.update(known.seeders[name])
            return True
        generator = self._generator_of(event)
        if generator is not None and event.method in ("seed", "setstate", "set_state"):
            if event.args or event.keywords:
                self.reseeded.add(id(generator.event))
            return True
        if name in known.self_seeding or known.helper.match(event.method or ""):
            library = (name or "").partition(".")[0]
            if library not in ("builtins", "gym", "gymnasium") and not (library in known.libraries and name):
                self.seeded.update(known.all_libraries)
                return True
        return False

    # Draws.

    def _draws(self, event: CallEvent, name: str | None) -> None:
        if event.alternative:
            return
        generator = self._generator_of(event)
        if generator is not None:
            if event.method in self.known.generator_methods and not event.chosen and self._is_unseeded(generator):
                self._note_made(generator, event)
            return
        if (
            name is not None
            and not event.chosen
            and not name.startswith("builtins.")
            and name not in self.known.generators
        ):
            for value in (*(event.keywords.get(word) for word in _PASSED_AS), *event.args[:6]):
                if isinstance(value, Result) and self._is_made(value) and self._is_unseeded(value):
                    self._note_made(value, event)
        library = self._library_of(event, name)
        if library is None or _has_own_seed(event, name or "") or is_harmless(event):
            return
        self._note(self.globals.setdefault(library, Source(library)), event)

    def _library_of(self, event: CallEvent, name: str | None) -> str | None:
        if name is not None and name in self.known.draws:
            return self.known.draws[name]
        if event.method in self.known.tensor_methods and (name is None or name.startswith("torch.")):
            return "torch"
        if event.method == "shuffle" and name is not None and name.startswith("tensorflow.data."):
            return "tensorflow"
        return None

    def _note_made(self, generator: Result, event: CallEvent) -> None:
        if not is_harmless(event) and not is_harmless(generator.event):
            library = self.known.generators[canonical(generator.event.name or "")].library
            source = self.made.setdefault(id(generator.event), Source(library, generator.event))
            self._note(source, event)

    def _note(self, source: Source, event: CallEvent) -> None:
        key = (id(event.node), source.library)
        if key not in self._seen:
            self._seen.add(key)
            source.draws.append(event)
        elif not source.draws:
            source.draws.append(event)

    # Generators as values.

    def _generator_of(self, event: CallEvent) -> Result | None:
        """The generator whose method is called."""
        if event.receiver is None:
            return None
        root = root_of(event.receiver)
        return root if isinstance(root, Result) and self._is_made(root) else None

    def _is_made(self, value: Result) -> bool:
        return canonical(value.event.name or "") in self.known.generators

    def _is_unseeded(self, generator: Result, depth: int = 0) -> bool:
        """Whether the generator surely starts from fresh entropy."""
        event = generator.event
        made = self.known.generators[canonical(event.name or "")]
        if made.position is None:
            return True
        if event.open or event.alternative or event.chosen:
            return False
        seed = event.argument(made.position, made.keyword, "seed")
        if is_none(seed):
            return True
        if isinstance(seed, Result) and depth < 5:
            root = root_of(seed)
            return isinstance(root, Result) and self._is_made(root) and self._is_unseeded(root, depth + 1)
        return False


def _is_weight(draw: CallEvent) -> bool:
    """Whether the draw is that of the first weights of a network."""
    name = canonical(draw.name or "torch.nn.")
    return name.startswith(_WEIGHTS) and not name.startswith("torch.nn.functional.")


def _has_own_seed(event: CallEvent, name: str) -> bool:
    """Whether the arguments show, or may show, that the call does not draw from the global generator."""
    for keyword in ("generator", "seed", "rng"):
        if keyword in event.keywords and not is_none(event.keywords[keyword]):
            return True
    if name == "torch.utils.data.DataLoader":
        shuffle = event.argument(2, "shuffle")
        return not (isinstance(shuffle, Constant) and shuffle.value is True)
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
