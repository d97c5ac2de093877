from pathlib import Path

with open("merged.log", "w") as merged:
    for path in Path("data/logs").glob("run_*.log"):
        merged.write(path.read_text())
