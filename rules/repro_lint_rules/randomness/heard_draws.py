"""What was heard of a program's draws and seeds, and what is left of it when the program has ended."""

from __future__ import annotations

from collections.abc import Callable

from repro_lint.api import AssignEvent, CallEvent, Handler, Program, Result
from repro_lint_rules.randomness.draws import Draw, Seeding, Source
from repro_lint_rules.randomness.entropy import Origin
from repro_lint_rules.randomness.knowledge import knowledge
from repro_lint_rules.randomness.model_use import ModelUse
from repro_lint_rules.randomness.numberless import Use
from repro_lint_rules.randomness.outlets import Outlets
from repro_lint_rules.randomness.own_seeds import draws_later, is_dropout, is_weight
from repro_lint_rules.randomness.releases import before
from repro_lint_rules.randomness.seeded_objects import SeededObjects
from repro_lint_rules.randomness.self_tests import Work, is_check, is_self_test, tries_itself


class HeardDraws(Handler):
    """Draws by what they draw from, and what seeds them."""

    def __init__(
        self, may_seed: bool = True, is_ready: Callable[[str], bool] = lambda path: False, path: str = ""
    ) -> None:
        self.known = knowledge()
        self._is_ready = is_ready
        self.may_seed = may_seed
        """Whether the text of the program has anything that looks like a seed."""
        self.uncalled: HeardDraws | None = None
        """What the functions would draw that the program does not call, if it has no seed at all."""
        self.seedings: list[Seeding] = []
        self.globals: dict[str, Source] = {}
        self.made: dict[int, Source] = {}
        self.calls: list[Draw] = []
        """Calls that were given no seed although they have a parameter for it."""
        self.refused: list[tuple[CallEvent, str]] = []
        self.assigned: list[AssignEvent] = []
        self.generators: list[Result] = []
        self.objects = SeededObjects()
        self.options: list[CallEvent] = []
        """Options of a command line that are named after a seed."""
        self.seeded_calls: list[tuple[CallEvent, Origin]] = []
        """Calls whose own seed differs in each run."""
        self._drawn_seeds: dict[int, Origin] = {}
        """By the event that makes a generator: what its seed was drawn from."""
        self._state: dict[str, Seeding] = {}
        self._kept: dict[int, dict[str, Seeding]] = {}
        """The seeds that were set when a call asked for the state of a generator, by the id of its node."""
        self._reseeded: set[int] = set()
        self._seen: set[tuple[int, str]] = set()
        self._again: dict[int, int] = {}
        """The order of the last time that a call draws which did so before, by the id of its node."""
        self._use = ModelUse(path)
        self._work = Work()
        self._outlets = Outlets()

    def hears(self, path: str) -> bool:
        """Whether it is to the point what functions of this file draw that the program does not call."""
        return self._is_ready(path)

    def waits(self, draw: Draw) -> bool:
        """Whether the draw is reported although nothing calls its function yet."""
        return self._is_ready(draw.event.source.path)

    def only_tries(self, program: Program) -> bool:
        """Whether the program only tries a module that others import, so that nobody runs it for a result."""
        idle = not self._work.done and not self.seedings
        return idle and is_self_test(program, self._all_draws(), self._work.plotted)

    def use_of_all(self, program: Program) -> Use:
        """What is only done with all that the program draws, as far as what else it does tells."""
        if program.entry.notebook is None and self._outlets.only_shows:
            return "shown"
        return "tried out" if self.tries_itself(program) else ""

    def tries_itself(self, program: Program) -> bool:
        """Whether it is a check, a page of a gallery, or a module that tries itself, with a file or without."""
        if is_check(program.path):
            return True
        idle = not self._work.lasting and not self.seedings
        return idle and tries_itself(program, self._all_draws(), self._work.done)

    def _all_draws(self) -> list[Draw]:
        sources = (*self.globals.values(), *self.made.values())
        return [*self.calls, *(draw for source in sources for draw in source.draws)]

    def unset(self, library: str, optional: Seeding | None = None) -> list[Draw]:
        """The draws from a library's global generator before anything has seeded it, if they reach a result.

        With an ``optional`` seeding those that nothing else seeds.
        """
        source = self.globals.get(library)
        draws = [draw for draw in source.draws if draw.seeding is optional] if source is not None else []
        return draws if draws and self._matter(library, draws) else []

    def drawn_after(self, seeding: Seeding) -> list[Draw]:
        """The draws whose generator this has seeded."""
        found = [draw for source in self.globals.values() for draw in source.draws if draw.seeding is seeding]
        found += [draw for draw in self.calls if draw.seeding is seeding]
        return sorted(found, key=lambda draw: draw.event.order)

    def draws_again(self, draw: Draw, seeding: Seeding) -> bool:
        """Whether the draw is made for an object of the program, as a network, which is made again after the seed."""
        made = any(function.name == "__init__" for function in draw.event.stack)
        return made and self._again.get(id(draw.event.node), -1) > seeding.event.order

    def serves_itself(self, seeding: Seeding) -> bool:
        """Whether only the function that sets the seed draws from what it seeds: for itself, not for the program."""
        if not seeding.event.stack:
            return False
        function = seeding.event.stack[-1].node
        drawn = self.drawn_after(seeding)
        return bool(drawn) and all(any(f.node is function for f in draw.event.stack) for draw in drawn)

    def unseeded_calls(self) -> list[Draw]:
        """The calls without a seed that no global seed controls."""
        return [draw for draw in self.calls if draw.seeding is None and not self._cancelled(draw)]

    def made_unseeded(self) -> list[Source]:
        """The generators that are made without a fixed seed, and drawn from."""
        return [source for key, source in self.made.items() if source.draws and key not in self._reseeded]

    def first_seeding(self, library: str, after: int = -1) -> Seeding | None:
        """The first thing that seeds the library with a value later than the call of this order."""
        return next(
            (s for s in self.seedings if library in s.libraries and s.kind != "nothing" and s.event.order > after), None
        )

    def _matter(self, library: str, draws: list[Draw]) -> bool:
        """Whether the draws reach a result, as far as the rest of the program tells."""
        # What a seed is made of is reported with the seed; what is overwritten reaches nothing.
        seeds = {id(seeding.origin.event.node) for seeding in self.seedings if seeding.origin is not None}
        draws[:] = [draw for draw in draws if id(draw.event.node) not in seeds and not self._replaced(draw)]
        if self._use.is_used:
            # In which order examples are taken matters to what learns from them.
            draws[:] = [
                d for d in draws if not (is_weight(d.event) or draws_later(d.event) or self._use.builds(d.event))
            ]
        if self._use.evaluates or self._use.is_used:
            draws[:] = [draw for draw in draws if not is_dropout(draw.event)]
        if library == "keras" and self.first_seeding("numpy") is not None:
            # Keras before version 2.3 drew from NumPy; the package of that name may be as old as that.
            draws[:] = [draw for draw in draws if (draw.event.name or "").startswith("tensorflow.")]
        if all(draw.event.handed for draw in draws) and self._seeds_workers():
            return False
        if not self._use.needs_weights:
            draws[:] = [draw for draw in draws if not is_weight(draw.event) and not is_dropout(draw.event)]
        return bool(draws)

    def _replaced(self, draw: Draw) -> bool:
        # What leaves out parts of a network is in its graph, too, and off where the network is only restored.
        built = is_weight(draw.event) or draw.event.name == "tensorflow.nn.dropout"
        return built and self._use.replaces(draw.event)

    def _seeds_workers(self) -> bool:
        """Whether what others call runs in workers of a DataLoader, whose generators start from PyTorch's seed."""
        seeding = self.first_seeding("torch")
        if seeding is None or self._use.loads_here:
            return False
        return not before(seeding.event.source.project, "torch", (1, 9))  # NumPy's was left as it was

    def _cancelled(self, draw: Draw) -> bool:
        """Whether the object gets its seed later, as an attribute or a parameter."""
        return draw.value is not None and "random_state" in draw.value.notes
