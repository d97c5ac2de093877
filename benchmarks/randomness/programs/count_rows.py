from pathlib import Path

total = 0
for path in Path("data/sites").iterdir():
    if path.suffix != ".csv":
        continue
    with path.open() as handle:
        total += sum(1 for _ in handle) - 1
print("rows:", total)
