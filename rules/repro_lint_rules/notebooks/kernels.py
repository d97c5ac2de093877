"""What the names of Python kernels tell, and which kernels a repository tells its readers to set up."""

from __future__ import annotations

from repro_lint.api import Environment, Notebook, Project, ProjectFact, TextFile, dataclass, lazy_pattern

_COMMON = lazy_pattern(r"i?python[ _.-]?[23]?(?:[ _.-]?\d{1,2})?|xpython(?:-raw)?|pyodide|python3 \(ipykernel\)")
# Kernels that a service gives to all its users: SageMaker, Azure ML, Synapse, Databricks, gateways to Spark.
_SERVICE = lazy_pattern(
    r".*(?:spark|synapse|databricks|azureml|sagemaker|colab|kaggle|watson).*"
    r"|conda_(?:python|pytorch|tensorflow|mxnet|amazonei|anaconda|chainer|theano|jax)\w*"
)
_CONDA = lazy_pattern(r"conda-(?:env-(?P<name>.+?)|base|root)-py(?:thon)?\d?")
_EDITOR = lazy_pattern(r"python\d{2,}(?:jvsc|(?:32|64)?bit)\w*|pycharm-[0-9a-f]+")
_INSTALLED = lazy_pattern(rb"ipykernel[ \t]+install\b(?:[^\r\n\\]|\\\r?\n)*?--name(?:[ \t]+|=)[\"']?([\w.-]+)")
_CONDA_NAME = lazy_pattern(rb"(?:^|\n)name:[ \t]*[\"']?([\w.-]+)")


def is_common(kernel: str) -> bool:
    """Whether Jupyter, or a service for all its users, has a Python kernel of this name."""
    return bool(_COMMON.fullmatch(kernel.lower()) or _SERVICE.fullmatch(kernel.lower()))


def conda_environment(kernel: str) -> str | None:
    """The conda environment after which nb_conda_kernels named the kernel, or None."""
    match = _CONDA.fullmatch(kernel.lower())
    return (match["name"] or "base") if match else None


def is_from_editor(kernel: str) -> bool:
    """Whether an editor made the name from an interpreter on its machine, as VS Code and PyCharm do."""
    return bool(_EDITOR.fullmatch(kernel.lower()))


def python2_version(notebook: Notebook) -> str:
    """The version of Python 2 that the notebook was saved with, or "kernel python2"; empty for any other."""
    version = notebook.language_version
    if version is None:
        return "kernel python2" if notebook.kernel_name == "python2" else ""
    return version if version.startswith("2.") else ""


@dataclass(frozen=True)
class ExplainedKernels(ProjectFact):
    """The lower-case names of kernels for which the repository says how they come to be.

    They stand in ``ipykernel install --name`` in some text, in a kernel specification that is part of the
    repository, or are the name of a conda environment that it describes.
    """

    names: frozenset[str]

    @classmethod
    def compute(cls, project: Project) -> ExplainedKernels:
        """Search the text files that speak of ipykernel, and the conda manifests."""
        conda = {manifest.path for manifest in project.fact(Environment).manifests if manifest.kind == "conda"}
        names: set[str] = set()
        for path, file in project.files.items():
            if path.endswith("/kernel.json"):
                names.add(path.split("/")[-2].lower())
            elif path in conda or TextFile.accepts(path):
                try:
                    patterns = (_CONDA_NAME, _INSTALLED) if path in conda else (_INSTALLED,)
                    found = [
                        p.findall(file.data) for p in patterns if path in conda or file.contains_any((b"ipykernel",))
                    ]
                except OSError:  # unreadable files are reported by the engine
                    continue
                names.update(name.decode().lower() for part in found for name in part)
        return cls(frozenset(names))

    def explain(self, kernel: str) -> bool:
        """Whether the repository says how to get a kernel of this name."""
        return kernel.lower() in self.names or conda_environment(kernel) in self.names
