from pathlib import Path

import pandas as pd

lines = []
for path in Path("data/sites").iterdir():
    frame = pd.read_csv(path)
    lines.append(f"{path.stem}: {frame['age'].mean():.2f}")
Path("report.txt").write_text("\n".join(lines))
