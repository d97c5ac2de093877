"""Why two runs of a program differ: each cause once, for the one rule that reports it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from repro_lint.api import CallEvent, Constant, Program, code_of, dataclass
from repro_lint_rules.randomness.branches import other_branch, other_command, same_condition
from repro_lint_rules.randomness.draws import Draw, Seeding
from repro_lint_rules.randomness.entropy import Origin, is_written_down
from repro_lint_rules.randomness.ineffective import dropped_generator, rebound, uncalled_helper, unread_option
from repro_lint_rules.randomness.knowledge import SeedParameter, canonical, knowledge
from repro_lint_rules.randomness.numberless import Use, use_and_order, use_of
from repro_lint_rules.randomness.other_seeds import serves_another
from repro_lint_rules.randomness.program_draws import ProgramDraws
from repro_lint_rules.randomness.releases import before
from repro_lint_rules.randomness.seeded_objects import ACTIONS
from repro_lint_rules.randomness.spots import Spot, shown, spot, spots_of
from repro_lint_rules.randomness.top_level import is_left_behind
from repro_lint_rules.randomness.uncalled import uncalled_draws

TRIGGERS = tuple(
    b"random torch keras tensorflow pylab sklearn sample imblearn scipy networkx gensim optuna umap pymc polars faker "
    b"gym shuffle community hyperopt rvs seed".split()
)
"""One of these stands in every file that draws or seeds."""


@dataclass(frozen=True)
class Cause:
    """One reason, as plain data: the parsed files are gone when the second rule asks."""

    rule: str
    library: str
    spots: tuple[Spot, ...]
    """Where it is to be seen: the first place is that of the finding."""
    seeds: tuple[Spot, ...] = ()
    """The seeds that are set, where that is to the point."""
    variant: str = ""
    detail: str = ""
    where: str = ""
    """What a reader calls the program."""
    parameter: SeedParameter | None = None
    weak: bool = False
    only: Use = ""
    """What is done with the draws, if no number that a reader would want again comes of them."""
    independent: bool = False
    """Whether it holds, too, if not all of the program could be followed."""
    uncalled: tuple[Spot, ...] = ()
    """Further draws, in functions that the program does not call."""


def causes(program: Program, heard: ProgramDraws) -> Iterator[Cause]:
    """Every cause, in the order of the rules."""
    yield from _refused(program, heard)
    if heard.only_tries(program):
        return
    only = heard.use_of_all(program)
    for cause in _differing(program, heard):
        yield replace(cause, only=only) if only and not cause.only else cause


def _differing(program: Program, heard: ProgramDraws) -> Iterator[Cause]:
    yield from _entropy(program, heard)
    yield from _optional(program, heard)
    yield from _made(program, heard)
    yield from _global(program, heard)
    yield from _calls(program, heard)
    yield from _uncalled(program, heard)


def _refused(program: Program, heard: ProgramDraws) -> Iterator[Cause]:
    if heard.refused and before(program.project, "scikit-learn", (0, 24)):
        return
    for event, problem in heard.refused:
        yield Cause("invalid-random-state", "sklearn", (spot(event, short=True),), detail=problem, independent=True)


def _entropy(program: Program, heard: ProgramDraws) -> Iterator[Cause]:
    """Seeds that are different in each run: one cause for all that are made of the same thing."""
    groups: dict[int, list[tuple[Seeding, list[Draw]]]] = {}
    for seeding in heard.seedings:
        if seeding.kind not in ("entropy", "nothing") or seeding.event.alternative or seeding.event.chosen:
            continue
        draws = heard.drawn_after(seeding)
        if not draws and (seeding.kind == "nothing" or not seeding.event.certain):
            continue
        if any(s.kind == "value" and other_branch(s.event, seeding.event) for s in heard.seedings):
            continue  # only where nobody gave a seed
        made_of = seeding.origin.event if seeding.origin is not None else seeding.event
        groups.setdefault(id(made_of.node), []).append((seeding, draws))
    for group in groups.values():
        seeding = group[0][0]
        draws = sorted((draw for _, drawn in group for draw in drawn), key=lambda draw: draw.event.order)
        variant = "nothing" if seeding.origin is None else seeding.origin.kind
        yield Cause(
            "seed-from-entropy",
            seeding.libraries[0],
            tuple(dict.fromkeys((spot(seeding.event), *spots_of(draws)))),
            _elsewhere(seeding.origin, seeding.event),
            variant=variant,
            detail="by default" if seeding.by_default else _made_of(seeding.origin),
            weak=seeding.by_default or is_written_down(seeding.event, seeding.origin),
            independent=True,
        )
    for event, different in heard.seeded_calls:
        yield Cause(
            "seed-from-entropy",
            "",
            (spot(event),),
            _elsewhere(different, event),
            variant=different.kind,
            detail=_made_of(different),
            independent=True,
        )


def _optional(program: Program, heard: ProgramDraws) -> Iterator[Cause]:
    """Draws that are seeded only if somebody asks for it."""
    optional = [seeding for seeding in heard.seedings if seeding.optional]
    draws = [
        draw
        for seeding in optional
        for library in seeding.libraries
        for draw in heard.unset(library, seeding)
        if not same_condition(seeding.event, draw.event)
    ]
    if draws:
        draws.sort(key=lambda draw: draw.event.order)
        spots = _primary(program, draws)
        first = next(draw for draw in draws if spot(draw.event, draw.library) == spots[0])
        seeds = (spot(first.seeding.event),) if first.seeding is not None else ()
        yield Cause("unseeded-rng", spots[0].library, spots, seeds, variant="optional", weak=True)


def _made(program: Program, heard: ProgramDraws) -> Iterator[Cause]:
    """Generators without a seed, or with one that differs."""
    plain: dict[tuple[str, bool], list[Spot]] = {}
    drawn: dict[str, list[Draw]] = {}
    for source in sorted(heard.made_unseeded(), key=lambda made: made.draws[0].event.order):
        if source.made is None:
            continue
        made, draws = spot(source.made), spots_of(source.draws)
        if source.origin is not None:
            yield Cause(
                "seed-from-entropy",
                source.library,
                (made, *draws),
                _elsewhere(source.origin, source.made),
                variant=source.origin.kind,
                detail=_made_of(source.origin),
                weak=is_written_down(source.made),
            )
        else:
            plain.setdefault((source.library, source.by_default), []).extend((made, *draws))
            drawn.setdefault(source.library, []).extend(source.draws)
    for (library, by_default), spots in plain.items():
        seeds = tuple(
            spot(s.event)
            for s in heard.seedings
            if s.kind == "value" and library in s.libraries and _explicit(s) and len(s.libraries) == 1
        )[:1]
        where, only = _where(program, spots[0]), use_of(program, drawn[library])
        places = tuple(dict.fromkeys(spots))
        yield Cause("unseeded-rng", library, places, seeds, "generator", where=where, weak=by_default, only=only)


def _global(program: Program, heard: ProgramDraws) -> Iterator[Cause]:
    """Draws from global generators that nothing has seeded before."""
    left: dict[str, list[Draw]] = {}
    for library in list(heard.globals):
        draws = heard.unset(library)
        if not draws:
            continue
        seeding = heard.first_seeding(library, after=draws[0].event.order)
        if seeding is None:
            if not (library == "keras" and _seeds_old_keras(program, heard)):
                left[library] = draws
        elif seeding.kind == "value" and _explicit(seeding) and not seeding.event.handed and library != "numba":
            # What is compiled is often called for the first time only to be compiled.
            # What was handed to others may be called at any time.
            early = [draw for draw in draws if draw.event.order < seeding.event.order and not draw.event.handed]
            early = [draw for draw in early if not is_left_behind(program, draw.event)]
            if early and other_command(early[0].event, seeding.event):
                left[library] = early
            elif early and not other_branch(early[0].event, seeding.event):
                weak = _is_apart(program, heard, seeding, early)
                only, early = use_and_order(program, early)
                places = _primary(program, early)
                yield Cause("seed-after-use", library, places, (spot(seeding.event),), weak=weak, only=only)
    if "tensorflow" in left and "keras" in left:
        left["tensorflow"] = sorted(left["tensorflow"] + left.pop("keras"), key=lambda draw: draw.event.order)
    partial = [s for s in heard.seedings if s.kind in ("value", "entropy") and not s.event.handed]
    partial = [s for s in partial if s.libraries != ("numba",)]
    missing: list[Draw] = []
    for library, draws in left.items():
        cause = _insufficient(program, heard, library, draws) or _ineffective(program, heard, library, draws)
        if cause is not None:
            yield cause
        elif (
            any(library not in seeding.libraries for seeding in partial)
            and library in knowledge().all_libraries
            and _explicit(partial[0])
        ):
            missing += draws
        else:
            only, draws = use_and_order(program, draws)
            spots = _primary(program, draws)
            uncalled = spots_of(heard.uncalled.unset(library)) if heard.uncalled is not None else ()
            where = _where(program, spots[0])
            yield Cause("unseeded-rng", library, spots, where=where, uncalled=uncalled, only=only)
    if missing:
        missing.sort(key=lambda draw: draw.event.order)
        spots = _primary(program, missing)
        seeds = tuple(dict.fromkeys(spot(s.event, s.libraries[0]) for s in partial))
        where, only = _where(program, spots[0]), use_of(program, missing)
        yield Cause("partial-seeding", spots[0].library, spots, seeds, where=where, only=only)


def _seeds_old_keras(program: Program, heard: ProgramDraws) -> bool:
    """Whether TensorFlow's seed is set and reaches Keras, as it did before TensorFlow 2.10."""
    return heard.first_seeding("tensorflow") is not None and before(program.project, "tensorflow", (2, 10))


def _insufficient(program: Program, heard: ProgramDraws, library: str, draws: list[Draw]) -> Cause | None:
    """A seed that was meant for these draws, but does not reach them."""
    other = {"keras": "tensorflow", "torch": "cuda", "numba": "numpy"}.get(library)
    seeding = heard.first_seeding(other) if other is not None else None
    if seeding is None or not _explicit(seeding):
        return None
    spots = _primary(program, draws)
    return Cause("insufficient-seed", library, spots, (spot(seeding.event),), variant=library)


def _ineffective(program: Program, heard: ProgramDraws, library: str, draws: list[Draw]) -> Cause | None:
    """Something that looks like the seed of these draws and does nothing."""
    spots = _primary(program, draws)
    assigned = rebound(heard.assigned, library)
    if assigned is not None:
        first = Spot(assigned.source.place(assigned.node), code_of(assigned.node))
        return Cause("ineffective-seed", library, (first, *spots), variant="rebound")
    dropped = dropped_generator(heard.generators, library)
    if dropped is not None:
        return Cause("ineffective-seed", library, (spot(dropped), *spots), variant="dropped")
    helper = uncalled_helper(program, library)
    if helper is not None:
        source, function = helper
        first = Spot(source.place(function), function.name)
        return Cause("ineffective-seed", library, (first, *spots), variant="uncalled")
    option = unread_option(program, heard.options)
    if option is not None:
        return Cause("ineffective-seed", library, (spot(option), *spots), variant="option")
    hashed = [event for event in heard.assigned if _is_hash_seed(event.name, event.key)]
    if hashed and not heard.seedings:
        first = Spot(hashed[0].source.place(hashed[0].node), code_of(hashed[0].node))
        return Cause("ineffective-seed", library, (first, *spots), variant="hash")
    return None


def _is_hash_seed(name: str, key: object) -> bool:
    return name == "os.environ" and isinstance(key, Constant) and key.value == "PYTHONHASHSEED"


def _calls(program: Program, heard: ProgramDraws) -> Iterator[Cause]:
    """Calls that were given no seed."""
    groups: dict[tuple[str, str, str], list[Draw]] = {}
    meant = [s for s in heard.seedings if s.kind == "value" and _explicit(s) and not s.event.handed]
    for draw in heard.unseeded_calls():
        parameter = draw.parameter
        if parameter is None:
            continue
        rule = "missing-random-state"
        later = heard.first_seeding(draw.library, after=draw.event.order)
        if later is not None and later.kind == "value" and _explicit(later):
            if draw.value is None or draw.used:
                rule = "seed-after-use"
            if is_left_behind(program, draw.event):
                continue
        elif parameter.threads:
            rule = "insufficient-seed"
        elif draw.library in ("own", "polars", "faker", "dask") and (meant or heard.objects.reset_with_seed):
            if parameter is ACTIONS or meant:
                rule = "insufficient-seed"
        elif later is not None:
            continue  # something that seeds with a default of its own
        if parameter.weak and draw.library == "own" and not any("numpy" in seed.libraries for seed in meant):
            continue  # only the sign of a vector, and nobody meant to fix it
        groups.setdefault((rule, draw.library, draw.package), []).append(draw)
    for (rule, library, package), draws in groups.items():
        only, draws = use_and_order(program, draws)
        spots = _primary(program, draws)
        seeds = tuple(dict.fromkeys(spot(s.event, s.libraries[0]) for s in meant))[:1]
        if draws[0].parameter is ACTIONS:
            seeds = ()
        weak = False
        if rule == "seed-after-use":
            later = heard.first_seeding(library, after=draws[0].event.order)
            seeds = (spot(later.event),) if later is not None else seeds
            weak = later is not None and serves_another(later, draws)
        others = (
            heard.uncalled.unseeded_calls() if heard.uncalled is not None and rule == "missing-random-state" else []
        )
        uncalled = spots_of(draw for draw in others if draw.library == library and draw.package == package)
        first = next(draw for draw in draws if spot(draw.event, library, short=True) == spots[0])
        parameter = first.parameter
        yield Cause(
            rule,
            library,
            spots,
            seeds,
            variant=package,
            where=_where(program, spots[0]),
            parameter=parameter,
            detail="by default" if first.by_default else "",
            weak=weak or all(draw.by_default or (draw.parameter is not None and draw.parameter.weak) for draw in draws),
            only=only,
            uncalled=uncalled,
        )


def _uncalled(program: Program, heard: ProgramDraws) -> Iterator[Cause]:
    """Draws without a seed in functions that nothing calls yet."""
    for draws in uncalled_draws(heard):
        if draws:
            first, *others = sorted(draws, key=lambda draw: draw.event.source.path != program.path)
            yield Cause(
                "unseeded-rng" if first.parameter is None else "missing-random-state",
                first.library,
                spots_of((first, *others)),
                variant=first.package,
                where=_where(program, spot(first.event)),
                parameter=first.parameter,
                detail="uncalled",
                weak=True,
            )


# Helpers.


def _primary(program: Program, draws: list[Draw]) -> tuple[Spot, ...]:
    """The draws, those that the program's own file makes before those of its modules."""
    return tuple(sorted(spots_of(draws), key=lambda found: found.place.path != program.path))


def _where(program: Program, first: Spot) -> str:
    here = first.place.path == program.path
    return f"this {program.noun}" if here else program.path.rpartition("/")[2]


def _explicit(seeding: Seeding) -> bool:
    """Whether it is known what is seeded: not a helper that is only known by its name."""
    return canonical(seeding.event.name or "") in knowledge().seeders


def _made_of(different: Origin | None) -> str:
    return shown(different.event) if different is not None else ""


def _elsewhere(different: Origin | None, seeded: CallEvent) -> tuple[Spot, ...]:
    """What the seed is made of, where that is not to be seen at the seed."""
    if different is None or (different.event.source is seeded.source and different.event.node in ast.walk(seeded.node)):
        return ()
    return (spot(different.event),)


def _is_apart(program: Program, heard: ProgramDraws, seeding: Seeding, draws: list[Draw]) -> bool:
    """Whether the seed is meant for something else than the draws before it, or for the same that is drawn again."""
    elsewhere = program.entry.notebook is not None or seeding.event.source is not program.entry
    if all(heard.draws_again(draw, seeding) for draw in draws):
        return True
    return (elsewhere and heard.serves_itself(seeding)) or serves_another(seeding, draws)
