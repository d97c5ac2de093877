import re
from pathlib import Path

for path in Path("data/logs").iterdir():
    losses = re.findall(r"loss ([\d.]+)", path.read_text())
    print(path.name, losses[-1])
