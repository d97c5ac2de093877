"""The files by which services that run code on their own are configured."""

from __future__ import annotations

from repro_lint.api import Project, lazy_pattern

# GitHub, Gitea and Forgejo, GitLab, Travis, CircleCI, AppVeyor, Azure, Jenkins, Bitbucket, Drone, Woodpecker, Cirrus,
# Buildkite, Semaphore, Codefresh, Google, AWS, Bitrise, Wercker, Shippable, Scrutinizer, Codeship, Concourse, TeamCity,
# Zuul, Sourcehut, Tekton, CodeMagic, Harness, Packit, Earthly's own.
_CONFIGURATION = lazy_pattern(
    r"\.(?:github|gitea|forgejo)/workflows/[^/]+\.ya?ml|(?:.*/)?(?:[\w.-]*\.)?gitlab-ci\.ya?ml|\.travis\.ya?ml"
    r"|\.circleci/.*|circle\.ya?ml|\.?appveyor\.ya?ml|(?:.*/)?[\w.-]*azure[-_.]?pipelines?[\w.-]*\.ya?ml"
    r"|\.?azure[-_]?(?:pipelines?|devops|ci)?/.*\.ya?ml|\.?(?:devops|ado)/.*\.ya?ml|\.pipelines?/.*\.ya?ml"
    r"|(?:.*/)?Jenkinsfile[\w.-]*|(?:.*/)?[\w.-]+\.jenkinsfile|\.?jenkins/.*|bitbucket-pipelines\.ya?ml|\.drone\.(?:ya?ml|star|jsonnet)"
    r"|\.woodpecker(?:\.ya?ml|/.*)|\.cirrus\.(?:ya?ml|star)|\.buildkite/.*|\.semaphore/.*|(?:\.codefresh/)?codefresh\.ya?ml"
    r"|(?:.*/)?cloudbuild[\w.-]*\.(?:ya?ml|json)|(?:.*/)?buildspec[\w.-]*\.ya?ml|bitrise\.ya?ml|wercker\.ya?ml|shippable\.ya?ml"
    r"|\.scrutinizer\.ya?ml|codeship-[\w-]+\.ya?ml|\.?ci/.*(?:pipeline|config)[\w.-]*\.ya?ml|\.teamcity/.*|\.?zuul(?:\.d/.*|\.ya?ml)"
    r"|\.ci/.*|\.build\.ya?ml|\.builds/.*|\.tekton/.*|codemagic\.ya?ml|\.harness/.*|\.packit\.ya?ml|\.ci\.ya?ml|\.kokoro/.*|\.prow\.ya?ml"
    r"|tests?/ci/.*\.ya?ml|\.evergreen(?:\.ya?ml|/.*)|\.onedev-buildspec\.ya?ml|\.screwdriver\.ya?ml|screwdriver\.ya?ml",
)
_SUFFIXES = (".yml", ".yaml", ".json")  # of those that do not begin with a dot
_CODE = tuple(".py .ipynb .r .rmd .qmd .jl .m .sas .do .scala .cpp .cc .c .f90 .java".split())


def has_service(project: Project) -> bool:
    """Whether a file configures such a service, be it one that the linter's own configuration leaves out."""
    return any(
        (path[0] == "." or path.endswith(_SUFFIXES) or "enkins" in path) and _CONFIGURATION.fullmatch(path)
        for path in project.view.paths()
    )


def source_files(project: Project) -> tuple[str, ...]:
    """The project's programs and notebooks."""
    return tuple(path for path in project.files if path.lower().endswith(_CODE))


def lies_in_larger_repository(project: Project) -> bool:
    """Whether the root of the project lies below that of its repository."""
    root = project.root
    return not (root / ".git").exists() and any((above / ".git").exists() for above in root.parents)
