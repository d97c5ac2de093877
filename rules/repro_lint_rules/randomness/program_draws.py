"""What a program draws, and what it seeds: heard while it is walked through."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from repro_lint.api import (
    AssignEvent,
    CallEvent,
    Constant,
    Handler,
    Name,
    Result,
    Value,
    is_none,
    root_of,
)
from repro_lint_rules.randomness.draws import Draw, Seeding, Source, as_call
from repro_lint_rules.randomness.entropy import Origin, origin
from repro_lint_rules.randomness.generators import generator_of, is_fallback, is_made, none_by_default, start_of
from repro_lint_rules.randomness.harmless import is_harmless
from repro_lint_rules.randomness.heard_draws import HeardDraws
from repro_lint_rules.randomness.knowledge import SeedParameter, canonical
from repro_lint_rules.randomness.late_seeds import note_late_seeds
from repro_lint_rules.randomness.own_seeds import (
    STATES,
    draws_later,
    has_own_seed,
    in_compiled_code,
    made_with_seed,
    on_gpu,
    restores,
)
from repro_lint_rules.randomness.releases import before
from repro_lint_rules.randomness.seed_arguments import SEED_KEYWORDS, is_random, raises, seed_of
from repro_lint_rules.randomness.single_feature import has_one_feature

_KEYS = frozenset(
    {"jax.random.PRNGKey", "jax.random.key", "torch.Generator().manual_seed", "tensorflow.random.Generator.from_seed"}
)
_PASSED_AS = ("random_state", "rng", "generator", "random", "seed", "prng", "random_generator")
_LIGHTNING = ("lightning", "pytorch_lightning", "lightning_fabric")


class ProgramDraws(HeardDraws):
    """Collects draws by what they draw from, and what seeds them."""

    def knows(self, name: str) -> bool:
        """Whether it is something that draws or seeds."""
        name = canonical(name)
        known = self.known
        return (
            name in known.draws
            or name in known.seeders
            or name in known.generators
            or known.seed_parameter(name, None) is not None
        )

    def assign(self, event: AssignEvent) -> None:
        """Note what is put in the place of a function, or into the environment."""
        self.assigned.append(event)
        self._use.hear_assigned(event)
        if canonical(event.name) in self.known.self_seeding and not is_none(event.value):
            self._set(Seeding(as_call(event), self.known.all_libraries))

    def call(self, event: CallEvent) -> Value | None:
        """Note what the call draws or seeds."""
        name = canonical(event.name) if event.name is not None else None
        self._use.hear(event, name)
        self._work.hear(event)
        self._outlets.hear(event)
        if event.method in STATES:
            self._kept[id(event.node)] = dict(self._state)
        self._note_option(event)
        note_late_seeds(event, self.calls)
        if self._seeds(event, name):
            return None
        if name is not None and not event.alternative:
            parameter = self.known.seed_parameter(name, event.method)
            if parameter is not None:
                return self._has_parameter(event, parameter)
            self._takes_value(event, name)
            if "random_state" in event.keywords and self.known.takes_no_seed(name):
                self.refused.append((event, f"{name.rpartition('.')[2]} has no random_state, and needs none"))
            self._takes_score(event, name)
        for draw in self.objects.hear(event, name, self._state):
            if event.method == "reset" or not is_harmless(event):
                self.calls.append(Draw(event, draw.library, draw.seeding, draw.parameter))
        self._draws(event, name)
        return None

    def rest(self) -> Handler | None:
        """Listens to the functions that are not called, if no seed could reach what they draw."""
        if self.may_seed or self.seedings:
            return None
        draws = any(source.draws for source in self.globals.values()) or self.calls
        self.uncalled = ProgramDraws(is_ready=(lambda path: True) if draws else self._is_ready)
        return self.uncalled

    def _note_option(self, event: CallEvent) -> None:
        if event.method in ("add_argument", "option") and any(
            isinstance(arg, Constant) and str(arg.value).strip("-").replace("-", "_") in ("seed", "random_seed")
            for arg in event.args
        ):
            self.options.append(event)

    # Seeds.

    def _seeds(self, event: CallEvent, name: str | None) -> bool:
        known = self.known
        if name is not None and name in known.seeders:
            self._seed_libraries(event, known.seeders[name])
            return True
        if name in ("torch.seed", "torch.random.seed"):
            self._set(Seeding(event, ("torch",), "entropy", origin(Result(event))))
            return True
        generator = generator_of(event)
        if generator is not None and event.method in ("seed", "setstate", "set_state"):
            if event.args or event.keywords:
                self._reseeded.add(id(generator.event))
            return True
        if name in known.self_seeding or known.helper.match(event.method or ""):
            library = (name or "").partition(".")[0]
            listed = name in known.self_seeding
            if listed or (
                library not in ("builtins", "gym", "gymnasium") and not (library in known.libraries and name)
            ):
                own = listed and "seed" not in (event.method or "")
                kind: Literal["default", "value", "nothing"] = "default" if own else "value"
                if library in _LIGHTNING and self._starts_anew(event):
                    kind = "nothing"
                self._set(Seeding(event, known.all_libraries, kind))
                return True
        return False

    def _starts_anew(self, event: CallEvent) -> bool:
        """Whether Lightning picks a seed for a call without one: since release 2.2 it takes 0."""
        if event.open or not event.certain or not is_none(event.argument(0, "seed")):
            return False
        project = event.source.project
        return any(before(project, package, (2, 2)) for package in ("lightning", "pytorch-lightning"))

    def _seed_libraries(self, event: CallEvent, libraries: tuple[str, ...]) -> None:
        seed = event.argument(0, "seed", "a", "state", "new_state")
        if event.method == "seed" and in_compiled_code(event):
            libraries = ("numba",)
        if not event.open and (is_none(seed) or none_by_default(event, seed)):
            if event.certain and not event.handed and libraries[0] in ("numpy", "random"):
                self._set(Seeding(event, libraries, "nothing", by_default=not is_none(seed)))
            return
        if restores(seed):
            self._go_back(libraries, seed)
            return
        made = self._origin(seed)
        self._set(Seeding(event, libraries, "value" if made is None else "entropy", made))

    def _go_back(self, libraries: tuple[str, ...], state: Value | None) -> None:
        """Take the seeds for set that were so when the state was asked for."""
        asked = root_of(state) if state is not None else None
        before = self._kept.get(id(asked.event.node)) if isinstance(asked, Result) else None
        for library in libraries if before is not None else ():
            if before is not None and library in before:
                self._state[library] = before[library]
            else:
                self._state.pop(library, None)

    def _origin(self, seed: Value | None) -> Origin | None:
        """What makes the seed different in each run; what a generator gave that is itself seeded by now does not."""
        made = origin(seed)
        if made is None or made.kind != "drawn":
            return made
        before = self._state.get(self.known.draws[canonical(made.event.name or "")])
        return made if before is None or before.kind in ("entropy", "nothing") else None

    def _unreported(self, seed: Value | None) -> Origin | None:
        """What makes the seed different in each run, unless that is a draw which is reported itself."""
        made = self._origin(seed)
        return made if made is None or made.kind != "drawn" or is_harmless(made.event) else None

    def _set(self, seeding: Seeding) -> None:
        seeding.optional = seeding.event.optional and seeding.kind == "value"
        self.seedings.append(seeding)
        for library in seeding.libraries:
            if seeding.optional and library in self._state:
                continue
            self._state[library] = seeding
            # What was only made so far draws later, from the generator as it is now.
            for draw in self.calls:
                if draw.seeding is None and draw.library == library and draw.value is not None and not draw.used:
                    draw.seeding = seeding
            for draw in self.globals[library].draws if library in self.globals else ():
                if draw.seeding is None and draws_later(draw.event) and not draw.event.handed:
                    draw.seeding = seeding

    # Draws.

    def _has_parameter(self, event: CallEvent, parameter: SeedParameter) -> Result:
        """Judge a call of something with a seed parameter."""
        made = Result(event)
        problem = raises(event, parameter)
        seed = seed_of(event, parameter)
        if parameter.threads:
            seed = None  # no seed fixes the order of threads
        elif is_none(seed):
            # A seed under another name: what was taken for a frame of one package is one of another.
            seed = next((event.keywords[word] for word in SEED_KEYWORDS if word in event.keywords), seed)
        if problem is not None:
            self.refused.append((event, problem))
        elif not is_none(seed) and not none_by_default(event, seed):
            different = self._unreported(seed)
            if different is not None and is_random(event, parameter):
                self.seeded_calls.append((event, different))
            self._pass_on(event)
        elif not event.open and not event.chosen and is_random(event, parameter) and not is_harmless(event):
            root = root_of(event.receiver) if event.receiver is not None else None
            if isinstance(root, Result) and ("random_state" in root.notes or made_with_seed(root.event)):
                return made
            if event.handed and event.method == "check_random_state":
                return made  # who takes the object may give it a seed first, as a forest does to its trees
            library = parameter.generator
            if (id(event.node), library) not in self._seen and not has_one_feature(event):
                self._seen.add((id(event.node), library))
                value = made if parameter.is_class else None
                self.calls.append(Draw(event, library, self._state.get(library), parameter, not is_none(seed), value))
        return made

    def _takes_value(self, event: CallEvent, name: str) -> None:
        """Keys of JAX and generators of PyTorch and TensorFlow always take a seed: it may differ in each run."""
        if name in _KEYS:
            different = self._unreported(event.argument(0, "seed"))
            if different is not None:
                self.seeded_calls.append((event, different))

    def _takes_score(self, event: CallEvent, name: str) -> None:
        """``SelectKBest(mutual_info_classif)``: a function that is passed cannot be given a seed by who calls it."""
        if name.startswith("sklearn.feature_selection."):
            score = event.argument(0, "score_func")
            function = score.qualified if isinstance(score, Name) else ""
            parameter = self.known.seed_parameter(canonical(function), None)
            if parameter is not None and self._is_new(event, parameter.generator):
                state = self._state.get(parameter.generator)
                advice = f"pass functools.partial({function.rpartition('.')[2]}, {parameter.keywords[0]}=SEED)"
                self.calls.append(Draw(event, parameter.generator, state, replace(parameter, advice=advice)))

    def _draws(self, event: CallEvent, name: str | None) -> None:
        if event.alternative:
            return
        generator = generator_of(event)
        if generator is not None:
            if event.method in self.known.generator_methods and not event.chosen:
                self._note_made(generator, event)
            return
        if name is not None and not event.chosen and not name.startswith("builtins."):
            if name in self.known.generators:
                self.generators.append(Result(event))
                self._note_drawn_seed(event, name)
            else:
                self._pass_on(event)
        library = self.known.library_of(name, event.method)
        if library is None or is_harmless(event):
            return
        if has_own_seed(event, name or ""):
            different = self._unreported(event.keywords.get("seed"))
            if different is not None:
                self.seeded_calls.append((event, different))
            return
        if library == "numpy" and in_compiled_code(event):
            library = "numba"
        if library == "torch" and self._state.get("torch") is None and "cuda" in self._state and on_gpu(event):
            library = "cuda"
        source = self.globals.setdefault(library, Source(library))
        if self._is_new(event, library):
            source.draws.append(Draw(event, library, self._state.get(library)))

    def _note_drawn_seed(self, event: CallEvent, name: str) -> None:
        made = self.known.generators[name]
        if made.position is not None:
            different = self._unreported(event.argument(made.position, made.keyword, "seed"))
            if different is not None and different.kind == "drawn":
                self._drawn_seeds[id(event)] = different

    def _pass_on(self, event: CallEvent) -> None:
        for value in (*(event.keywords.get(word) for word in _PASSED_AS), *event.args[:6]):
            if isinstance(value, Result) and is_made(value):
                self._note_made(value, event)

    def _note_made(self, generator: Result, event: CallEvent) -> None:
        unseeded, different = start_of(generator)
        different = different or self._drawn_seeds.get(id(generator.event))
        made = self.known.generators[canonical(generator.event.name or "")]
        seed = generator.event.argument(made.position, made.keyword, "seed")
        if (unseeded or different) and not is_harmless(event) and not is_harmless(generator.event):
            library = made.library
            by_default = none_by_default(generator.event, seed) or is_fallback(generator.event)
            source = Source(library, generator.event, different, by_default)
            source = self.made.setdefault(id(generator.event), source)
            if self._is_new(event, library) or not source.draws:
                source.draws.append(Draw(event, library, None))

    def _is_new(self, event: CallEvent, library: str) -> bool:
        key = (id(event.node), library)
        new = key not in self._seen
        self._seen.add(key)
        if not new:
            self._again[id(event.node)] = event.order
        return new
