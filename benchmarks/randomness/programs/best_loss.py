import re
from pathlib import Path

best = {}
for path in Path("data/logs").iterdir():
    losses = [float(value) for value in re.findall(r"loss ([\d.]+)", path.read_text())]
    best[path.stem] = min(losses)
winner = min(best.values())
print(winner, len(best))
