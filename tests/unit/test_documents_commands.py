"""The commands in documents: split, unwrapped and classified."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from repro_lint.documents.commands import Command
from repro_lint.documents.document import Document
from repro_lint.documents.programs import purpose, script_of
from repro_lint.documents.shell import simple_commands, strip_prompt


@dataclass
class File:
    path: str
    data: bytes


def commands(text: str, path: str = "README.md") -> tuple[Command, ...]:
    return Document(File(path, text.encode()), None).commands  # type: ignore[arg-type]


def shown(text: str, path: str = "README.md") -> list[tuple[int, str, str]]:
    return [(c.line, " ".join(c.argv), c.kind) for c in commands(text, path)]


def fence(text: str, language: str = "bash") -> str:
    return f"```{language}\n{text}\n```\n"


@pytest.mark.parametrize(
    ("line", "stripped"),
    [
        ("$ make", "make"),
        ("(base) $ make all", "make all"),
        ("user@host:~/dir$ make", "make"),
        ("[user@host dir]$ make", "make"),
        (r"(venv) PS C:\Users\me\x> python a.py", "python a.py"),
        (r"C:\x>python a.py", "python a.py"),
        ("PS > python a.py", "python a.py"),
        ("> python a.py", "python a.py"),
        ("% make", "make"),
        ("!pip install x", "pip install x"),
        ("%run a.py", "run a.py"),
        ("1. make", "make"),
        ("- make", "make"),
        ("make  # everything", "make"),
        ("# a comment", ""),
        ("echo a#b", "echo a#b"),
        ("(venv) python a.py", "python a.py"),
    ],
)
def test_prompts(line: str, stripped: str) -> None:
    assert strip_prompt(line) == stripped


@pytest.mark.parametrize(
    ("line", "argvs"),
    [
        ("cd src && python a.py; ls | wc -l", [("cd", "src"), ("python", "a.py"), ("ls",), ("wc", "-l")]),
        ("CUDA_VISIBLE_DEVICES=0,1 X=y python a.py", [("python", "a.py")]),
        ("sudo -u me make", [("make",)]),
        ("poetry run python a.py", [("python", "a.py")]),
        ("uv run --with rich --python 3.12 a.py --x", [("python", "a.py", "--x")]),
        ("uv run -m pkg.mod 1", [("python", "-m", "pkg.mod", "1")]),
        ("conda run -n env --live-stream python a.py", [("python", "a.py")]),
        ("pixi run -e gpu train", [("train",)]),
        ("srun -n 4 --gres=gpu:1 python a.py", [("python", "a.py")]),
        ("mpirun -np 4 python a.py", [("python", "a.py")]),
        ("torchrun --nproc_per_node=8 a.py --b", [("python", "a.py", "--b")]),
        ("accelerate launch --config_file x.yaml a.py", [("python", "a.py")]),
        ("python -m torch.distributed.launch --nproc_per_node=8 a.py -x", [("python", "a.py", "-x")]),
        ("coverage run -m pytest", [("python", "-m", "pytest")]),
        ("nohup python a.py > log.txt 2>&1 &", [("python", "a.py")]),
        ('python a.py "two words"', [("python", "a.py", "two words")]),
        ("for i in 1 2; do python a.py $i; done", [("for", "i", "in", "1", "2"), ("python", "a.py", "$i")]),
        (r"python src\run.py", [("python", "src/run.py")]),
        ("python a.py <input file> --b", [("python", "a.py", "<input file>", "--b")]),
        ("python <dir>/get-pip.py", [("python", "<dir>/get-pip.py")]),
        ("echo don't", [("echo", "don't")]),
        ("├── src", []),
        ("", []),
    ],
)
def test_simple_commands(line: str, argvs: list[tuple[str, ...]]) -> None:
    assert [c.argv for c in simple_commands(line, 1)] == argvs


def test_continued_lines_keep_the_first_line() -> None:
    text = "python a.py \\\n  --b 1 \\\n  --c 2\nls\n"
    assert [(c.argv, c.line) for c in simple_commands(text, 5)] == [
        (("python", "a.py", "--b", "1", "--c", "2"), 5),
        (("ls",), 8),
    ]


def test_here_documents_are_passed_over() -> None:
    assert [c.argv for c in simple_commands("cat <<EOF > x\nrm -rf y\nEOF\nls", 1)] == [("cat",), ("ls",)]


def test_output_below_a_prompt_is_no_command() -> None:
    assert [c.argv for c in simple_commands("$ make\ngcc -c a.c\n$ ls", 1)] == [("make",), ("ls",)]


def test_outputs_and_wrappers() -> None:
    (command,) = simple_commands("sudo uv run a.py > out/log.txt 2>/dev/null", 1)
    assert (command.argv, command.wrappers, command.outputs) == (
        ("python", "a.py"),
        ("sudo", "uv run"),
        ("out/log.txt",),
    )


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("python train.py", "run"),
        ("py run.py x", "run"),
        ("python3.11 -u -m pkg.train", "run"),
        ("python -m pip install x", "install"),
        ("python -m venv .venv", "install"),
        ("python setup.py install", "install"),
        ("python -m spacy download en", "install"),
        ("python manage.py runserver", "run"),
        ("python", "other"),
        ("python --version", "other"),
        ("python 3.10", "other"),
        ("python -c pass", "other"),
        ("ipython notebook", "run"),
        ("jupyter lab", "run"),
        ("jupyter notebook a.ipynb", "run"),
        ("jupyter nbextension enable x", "install"),
        ("pip install -r requirements.txt", "install"),
        ("pip list", "other"),
        ("conda env create -f environment.yml", "install"),
        ("conda activate x", "other"),
        ("source .venv/bin/activate", "other"),
        ("source run_all.sh", "run"),
        ("bash install.sh", "install"),
        ("bash scripts/run.sh", "run"),
        ("./run.sh", "run"),
        ("./data/x.csv", "other"),
        ("./scripts/", "other"),
        ("train.py", "other"),
        ("train.py --fast", "run"),
        ("Rscript a.R", "run"),
        ("Rscript -e renv::restore()", "install"),
        ("R CMD BATCH a.R", "run"),
        ("julia --project a.jl", "run"),
        ("julia -e Pkg.instantiate()", "install"),
        ("make", "run"),
        ("make install", "install"),
        ("make sure", "other"),
        ("make clean", "other"),
        ("snakemake --cores 1", "run"),
        ("dvc repro", "run"),
        ("dvc pull", "other"),
        ("docker build -t x .", "install"),
        ("docker run x", "run"),
        ("docker compose up", "run"),
        ("docker compose build", "install"),
        ("docker-compose up -d", "run"),
        ("streamlit run app.py", "run"),
        ("uv sync", "install"),
        ("poetry install", "install"),
        ("git clone https://x.example/y", "clone"),
        ("gh repo clone x/y", "clone"),
        ("git pull", "other"),
        ("cd x", "cd"),
        ("sbatch job.sh", "run"),
        ("wget https://x.example/y", "other"),
    ],
)
def test_purposes(line: str, kind: str) -> None:
    assert purpose(tuple(line.split())) == kind


def test_a_readme() -> None:
    text = """\
# Title

Clone it, then `cd project`:

```console
$ git clone https://x.example/project.git
$ cd project && uv sync
Resolved 3 packages
```

## Usage

Run `python train.py --epochs 3` and look at `train.py`.

    Rscript plots.R

In R: `rmarkdown::render("paper.Rmd")`. Then

python evaluate.py to see the scores

```python
import project
!pip install extra
```

```yaml
run: make
```
"""
    assert shown(text) == [
        (3, "cd project", "cd"),
        (6, "git clone https://x.example/project.git", "clone"),
        (7, "cd project", "cd"),
        (7, "uv sync", "install"),
        (13, "python train.py --epochs 3", "run"),
        (15, "Rscript plots.R", "run"),
        (17, "rmarkdown::render paper.Rmd", "run"),
        (19, "python evaluate.py", "run"),
        (23, "pip install extra", "install"),
    ]
    found = commands(text)
    assert [c.section.text for c in found if c.section] == ["Title"] * 4 + ["Usage"] * 5
    assert [c.source for c in found] == ["inline", *["fence"] * 3, "inline", "indented", "inline", "prose", "fence"]
    assert found[6].language == "r"


def test_a_text_file_with_windows_prompts() -> None:
    text = "(venv) PS C:\\Users\\me\\p> python manage.py runserver\nor\nuvicorn main:app --port 9000\nfrom a import b\n"
    assert shown(text, "readme.txt") == [
        (1, "python manage.py runserver", "run"),
        (3, "uvicorn main:app --port 9000", "run"),
    ]


def test_stata_and_julia() -> None:
    assert shown(fence("do master.do", "stata")) == [(2, "do master.do", "run")]
    assert shown(fence('] add CSV\ninclude("run.jl")', "julia")) == [
        (2, "Pkg add CSV", "install"),
        (3, "include run.jl", "run"),
    ]


def test_words_in_prose_are_no_commands() -> None:
    assert (
        shown("make sure that python is there\nrun it with Python 3\n./data holds the data\nJupyter notebook\n") == []
    )


def test_single_words_in_prose_are_names() -> None:
    assert shown("The file `train.py`, `./cfg.py`, `data/` and `numpy`; but `./run.sh` runs.") == [
        (1, "./run.sh", "run")
    ]


@pytest.mark.parametrize(
    ("argv", "script"),
    [
        (("python", "-u", "a/b.py", "--c"), "a/b.py"),
        (("python", "-m", "a"), None),
        (("bash", "-x", "c.sh"), "c.sh"),
        (("Rscript", "--vanilla", "d.R"), "d.R"),
        (("./e.sh",), "./e.sh"),
        (("make",), None),
        ((), None),
    ],
)
def test_scripts(argv: tuple[str, ...], script: str | None) -> None:
    assert script_of(argv) == script
