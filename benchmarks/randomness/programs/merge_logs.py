from pathlib import Path

lines = []
for path in Path("data/logs").glob("run_*.log"):
    lines.extend(path.read_text().splitlines())
lines.sort()
Path("merged.log").write_text("\n".join(lines))
