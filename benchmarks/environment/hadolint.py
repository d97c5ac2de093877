"""Compare what the container rules and hadolint say of the Dockerfiles of real repositories.

    python -m benchmarks.environment.hadolint CHECKOUTS --hadolint PROGRAM [--show REASON]

CHECKOUTS holds one repository in each folder. An observation is an instruction about which a linter says that something
in it has no version: the image of a ``FROM`` (hadolint: DL3006, DL3007), packages of apt (DL3008), apk (DL3018), yum
and dnf (DL3033, DL3041), zypper (DL3037) or pip (DL3013). For each of these kinds the script prints how many
instructions both name, only hadolint and only repro-lint, and why they differ; ``--show`` prints the instructions of
one reason. What differs for no known reason is *unexplained*, and makes the script return 1.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from repro_lint.api import (
    Dockerfile,
    Finding,
    Installation,
    Instruction,
    Project,
    is_open_text,
    read_installation,
)
from repro_lint.files import open_view
from repro_lint.rule import Rule
from repro_lint_rules.containers.floating_base_image.rule import FloatingBaseImage
from repro_lint_rules.containers.floating_pip_install.rule import FloatingPipInstall
from repro_lint_rules.containers.floating_system_package.rule import FloatingSystemPackage
from repro_lint_rules.containers.images import is_local, parse_image

CODES = {
    "DL3006": "image",
    "DL3007": "image",
    "DL3008": "apt",
    "DL3018": "apk",
    "DL3033": "dnf",
    "DL3041": "dnf",
    "DL3037": "zypper",
    "DL3013": "pip",
}
KINDS = tuple(dict.fromkeys(CODES.values()))
INSTALLERS = frozenset({"pip", "pipx", "setuptools", "uv", "wheel"})


@dataclass(frozen=True, order=True)
class Observation:
    """That an instruction leaves a version open."""

    path: str
    line: int
    kind: str


def hadolint_observations(program: Path, root: Path, paths: list[str]) -> Iterator[Observation]:
    """What hadolint says of the files; those that it cannot read give an observation of the kind ``unread``."""
    command = [str(program), "--no-fail", "--disable-ignore-pragma", "-f", "json", *paths]
    result = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    for item in json.loads(result.stdout):
        if item["code"] == "DL1000":
            yield Observation(item["file"], 0, "unread")
        elif item["code"] in CODES:
            yield Observation(item["file"], item["line"], CODES[item["code"]])


def own_observations(project: Project, paths: list[str]) -> Iterator[tuple[Observation, str]]:
    """What the rules say of the files, with the message."""
    rules: list[Rule] = [FloatingBaseImage(), FloatingSystemPackage(), FloatingPipInstall()]
    for path in paths:
        dockerfile = project.load(Dockerfile, path)
        if dockerfile is None:
            continue
        for rule in rules:
            for finding in rule.check(dockerfile):
                if not isinstance(finding, Finding) or finding.place.span is None:
                    continue
                first = finding.message.partition(" ")[0]
                kind = "image" if rule.meta.code == "CTR001" else "pip" if rule.meta.code == "CTR003" else first
                for place in (finding.place, *(related.place for related in finding.related)):
                    if kind not in KINDS or place.path != path or place.span is None:
                        continue
                    line = place.span.line
                    owner = max((i for i in dockerfile.instructions if i.line <= line), key=lambda i: i.line)
                    if owner.keyword != "ARG":  # what is built from its default is among the related places
                        yield Observation(path, owner.line, kind), finding.message


def why_only_theirs(dockerfile: Dockerfile, seen: Observation) -> str:
    """Why repro-lint is silent where hadolint is not."""
    instruction = _instruction(dockerfile, seen.line)
    if instruction is None:
        return "unexplained"
    if seen.kind == "image":
        image = instruction.words[0].text
        if is_open_text(image) and dockerfile.is_template:
            return "a template that has yet to be filled in"
        return "an image that only the builder's machine has" if is_local(parse_image(image)) else "unexplained"
    words = _packages(dockerfile, instruction, seen.kind)
    return _why_only_theirs_pip(dockerfile, instruction, words) if seen.kind == "pip" else "unexplained"


def _why_only_theirs_pip(dockerfile: Dockerfile, instruction: Instruction, words: list[str]) -> str:
    if any("$" in w.text for i in _installations(dockerfile, instruction, "pip") for w in i.local):
        return "a variable without a value in the file"
    if any(i.constraints for i in _installations(dockerfile, instruction, "pip")):
        return "a constraints file"
    unpinned = [word for word in words if not re.search(r"[=<~]", word)]
    installers = [word for word in unpinned if word.partition("[")[0].lower() in INSTALLERS]
    variables = [word for word in unpinned if is_open_text(word)]
    others = [word for word in unpinned if word not in installers and not re.match(r"[./$]", word)]
    if set(others) - set(variables):
        return "unexplained"
    if installers:
        return "only installers"
    return "a variable without a value in the file" if variables else "unexplained"


def why_only_ours(dockerfile: Dockerfile, seen: Observation, message: str) -> str:
    """Why hadolint is silent where repro-lint is not."""
    instruction = _instruction(dockerfile, seen.line)
    if instruction is None:
        return "unexplained"
    if instruction.onbuild:
        return "ONBUILD"
    if seen.kind == "image":
        return _why_only_ours_image(instruction)
    if "which this installs" in message:
        return "the requirements file is read"
    if message.startswith("uv pip"):
        return "uv pip"
    if instruction.array is not None:
        return "the JSON form of RUN"
    if instruction.heredocs:
        return "a heredoc"
    commands = [c.statement for c in dockerfile.commands if c.instruction is instruction]
    programs = {word for s in commands for word in s.argv[:1] if seen.kind in s.argv[0] or seen.kind in s.argv[1:3]}
    if any("/" in program for program in programs):
        return "a program named by its path"
    if any("sudo" in s.wrappers for s in commands):
        return "behind sudo"
    if "apt" in programs:
        return "`apt` instead of `apt-get`"
    if any(i.files for i in _installations(dockerfile, instruction, seen.kind)):
        return "a package beside a requirements file"
    if any(re.search(r"[<>!]|git[+]|://", word) for word in _packages(dockerfile, instruction, seen.kind)):
        return "a lower bound only, or a branch"
    return "unexplained"


def _why_only_ours_image(instruction: Instruction) -> str:
    if instruction.keyword == "COPY":
        return "COPY --from"
    image = instruction.words[0].text
    if "$" in image:
        return "the default of an ARG"
    tag = parse_image(image).tag
    return "a tag that moves, other than `latest`" if tag and tag != "latest" else "unexplained"


def _instruction(dockerfile: Dockerfile, line: int) -> Instruction | None:
    return next((i for i in dockerfile.instructions if i.line == line), None)


def _installations(dockerfile: Dockerfile, instruction: Instruction, kind: str) -> list[Installation]:
    found = []
    for command in dockerfile.commands:
        if command.instruction is instruction:
            installation = read_installation(command.statement)
            if installation is not None and kind in installation.tool:
                found.append(installation)
    return found


def _packages(dockerfile: Dockerfile, instruction: Instruction, kind: str) -> list[str]:
    found = []
    for installation in _installations(dockerfile, instruction, kind):
        found += [word.text for word in (*installation.packages, *installation.local)]
    return found


def main() -> int:
    """Print the figures; 1 if a difference has no known reason."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkouts", type=Path)
    parser.add_argument("--hadolint", type=Path, required=True, help="the program")
    parser.add_argument("--show", default="", help="print the instructions whose reason begins like this")
    options = parser.parse_args()
    both: Counter[str] = Counter()
    reasons: Counter[tuple[str, str, str]] = Counter()
    files = unread = repositories = 0
    for root in sorted(path for path in options.checkouts.iterdir() if path.is_dir()):
        project = Project(open_view(root.resolve()))
        paths = sorted(project.accepted(Dockerfile))
        if not paths:
            continue
        repositories += 1
        files += len(paths)
        theirs = set(hadolint_observations(options.hadolint, root, paths))
        broken = {seen.path for seen in theirs if seen.kind == "unread"}
        unread += len(broken)
        theirs = {seen for seen in theirs if seen.path not in broken}
        ours = {seen: message for seen, message in own_observations(project, paths) if seen.path not in broken}
        both.update(seen.kind for seen in theirs & ours.keys())
        for seen in sorted(theirs ^ ours.keys()):
            dockerfile = project.load(Dockerfile, seen.path)
            if dockerfile is None:
                continue
            if seen in ours:
                side, reason = "only repro-lint", why_only_ours(dockerfile, seen, ours[seen])
            else:
                side, reason = "only hadolint", why_only_theirs(dockerfile, seen)
            reasons[seen.kind, side, reason] += 1
            if options.show and reason.startswith(options.show):
                line = dockerfile.line_map.line(seen.line).strip()
                print(f"{side}: {seen.kind}: {root.name}/{seen.path}:{seen.line}: {line[:100]} {ours.get(seen, '')}")
    print(f"{files} Dockerfiles of {repositories} repositories; {unread} of them hadolint cannot read")
    for kind in KINDS:
        sides = {s: sum(n for (k, side, _), n in reasons.items() if (k, side) == (kind, s)) for s in _SIDES}
        print(f"{kind}: both {both[kind]}, " + ", ".join(f"{side} {sides[side]}" for side in _SIDES))
        for (_, side, reason), count in sorted((k, n) for k, n in reasons.items() if k[0] == kind):
            print(f"    {side}: {reason}: {count}")
    return int(any(reason == "unexplained" for _, _, reason in reasons))


_SIDES = ("only hadolint", "only repro-lint")

if __name__ == "__main__":
    raise SystemExit(main())
