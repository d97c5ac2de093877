"""A notebook defines functions or classes that belong in a module, or that other files define too."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from repro_lint.api import (
    Confidence,
    Field,
    Finding,
    Level,
    Outcome,
    Project,
    Related,
    Rule,
    RuleMeta,
    RuleOptions,
    Severity,
)
from repro_lint_rules.notebooks.definition_wording import counted, labelled, named
from repro_lint_rules.notebooks.definitions import Definition, NotebookContent, NotebookContents
from repro_lint_rules.notebooks.duplicates import Copies, Shared, copies_among, lines_together, shared_definitions
from repro_lint_rules.notebooks.helper_module import helper_module


class LogicInNotebook(Rule):
    """Compares what the notebooks of a project define, with each other and with its modules."""

    class Options(RuleOptions):
        """From where on a notebook defines too much."""

        max_definitions: int = Field(8, ge=0, description="Functions and classes that a notebook may define")
        max_definition_lines: int = Field(60, ge=0, description="Lines of code that they may have together")
        max_repeated_lines: int = Field(9, ge=0, description="Lines that could go if repeated definitions stood once")
        min_lines: int = Field(5, ge=1, description="Definitions with fewer lines of code than this do not count")

    meta = RuleMeta(
        code="NBK011",
        name="logic-in-notebook",
        family="notebooks",
        level=Level.PRODUCTION,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A notebook defines functions or classes that belong in a module, or that other files define too.",
        why="No test and no other notebook can import them, so they are copied, and the copies drift apart.",
        help="move them to a module, and import them",
    )
    facts = (NotebookContents,)

    def check(self, project: Project) -> Outcome:
        """One finding for the definitions that the same files share, one for a copy, and one for what is left."""
        contents = {
            path: content
            for path, content in project.file_facts(NotebookContents).items()
            if not content.teaches and any(d.lines >= self.options.min_lines for d in content.definitions)
        }
        copies = copies_among(contents)
        originals = {found.path: contents[found.path] for found in copies}
        found_alike = shared_definitions(project, originals, self.options.min_lines)
        shared = [group for group in found_alike if group.excess > self.options.max_repeated_lines]
        elsewhere = {d.digest for group in shared for d in group.definitions[group.files[0]]}
        for group in shared:
            yield _repeated(project, group, originals)
        for found in copies:
            content = originals[found.path]
            own = self._weighty(content, elsewhere)
            too_much = (
                len(own) > self.options.max_definitions or lines_together(own) > self.options.max_definition_lines
            )
            if too_much and not content.explains:
                yield _held(project, found, content, own)
            elif (
                lines_together(every := self._weighty(content, ())) * len(found.others)
                > self.options.max_repeated_lines
            ):
                yield _copied(project, found, every)

    def _weighty(self, content: NotebookContent, elsewhere: Collection[bytes]) -> Sequence[Definition]:
        """The definitions that count, those first that need nothing of the notebook, and of these the longest."""
        own = (d for d in content.definitions if d.lines >= self.options.min_lines and d.digest not in elsewhere)
        return sorted(own, key=lambda d: (bool(d.needs), -d.lines, d.name))


def _held(project: Project, found: Copies, content: NotebookContent, own: Sequence[Definition]) -> Finding:
    bound = sum(bool(definition.needs) for definition in own)
    text = f"the notebook holds {counted(own)} that nothing can import or test: {named(own)}"
    if found.others:
        text += f"; so does its copy {next(iter(found.others))}" if len(found.others) == 1 else "; so do its copies"
    help_ = helper_module(project, found.path, content.imports)
    if bound:
        users = f"`{own[-1].name}` uses" if bound == 1 else f"{bound} of them use"
        help_ += f"; {users} variables of the notebook, which must become parameters"
    related = [Related(definition.place, labelled(definition)) for definition in own]
    return Finding(
        project.place(found.path),
        text,
        help=help_,
        related=(*related, *_other_copies(project, found)),
        subject="the definitions of the notebook",
    )


def _copied(project: Project, found: Copies, own: Sequence[Definition]) -> Finding:
    names = ", ".join(found.others)
    return Finding(
        project.place(found.path),
        f"{names} {'is a copy' if len(found.others) == 1 else 'are copies'} of this notebook, with {counted(own)}",
        help="keep one of them, and move what differs into a parameter or a module",
        related=tuple(_other_copies(project, found)),
        subject="copies of the notebook",
    )


def _other_copies(project: Project, found: Copies) -> Iterator[Related]:
    for path, common in found.others.items():
        yield Related(project.place(path), f"is a copy: {common} of its cells are the same")


def _repeated(project: Project, group: Shared, contents: dict[str, NotebookContent]) -> Finding:
    first, *others = group.files
    own = group.definitions[first]
    notebooks = sum(path in contents for path in group.files)
    where = [f"{notebooks} notebooks"] * (notebooks > 1) + [path for path in group.files if path not in contents]
    text = (
        f"{named(own)} ({lines_together(own)} lines of code) {'is' if len(own) == 1 else 'are'} "
        f"{'defined alike' if notebooks > 1 else 'also defined'} in {' and '.join(where)}"
    )
    if module := group.module:
        help_ = f"import {named(own)} from {module} instead"
    else:
        help_ = helper_module(project, first, contents[first].imports)
    related = [
        Related(definition.place, f"`{definition.name}` again" if path != first else f"`{definition.name}` as well")
        for path in group.files
        for definition in group.definitions[path][path == first :]
    ]
    return Finding(own[0].place, text, help=help_, related=tuple(related), subject=f"{named(own)} in {others}")
