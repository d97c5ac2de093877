"""Temporary: a directory view until the real one lands."""
import os
import subprocess
from pathlib import Path


class FileView:
    kind = "directory"
    submodules: tuple[str, ...] = ()
    warning: str | None = None

    def __init__(self, root: Path) -> None:
        self.root = Path(root)

    def paths(self) -> tuple[str, ...]:
        if (self.root / ".git").exists():
            out = subprocess.run(["git", "-C", str(self.root), "ls-files", "-z"], capture_output=True).stdout
            return tuple(sorted(p for p in os.fsdecode(out).split("\0") if p and (self.root / p).is_file()))
        return tuple(sorted(
            os.path.relpath(os.path.join(d, f), self.root)
            for d, _, fs in os.walk(self.root) if ".git" not in d.split(os.sep) for f in fs
        ))

    def tracked(self, path: str) -> bool:
        return True

    def read(self, path: str) -> bytes:
        return (self.root / path).read_bytes()

    def size(self, path: str) -> int:
        return (self.root / path).stat().st_size

    def ignored(self, path: str) -> bool:
        return subprocess.run(["git", "-C", str(self.root), "check-ignore", "-q", path], capture_output=True).returncode == 0

    def excluded(self, path: str) -> bool:
        return bool({"venv", ".venv", "node_modules", "site-packages", "vendor", "__pycache__"} & set(path.split("/")))


def open_view(path: Path, *, rev: str | None = None) -> FileView:
    return FileView(path)


def is_excluded(path: str) -> bool:
    return False


def display_path(path: str) -> str:
    return path


def git_toplevel(path: Path) -> Path | None:
    r = subprocess.run(["git", "-C", str(path), "rev-parse", "--show-toplevel"], capture_output=True, text=True)
    return Path(r.stdout.strip()) if r.returncode == 0 else None
