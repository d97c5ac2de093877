from pathlib import Path

import pandas as pd

rows = []
for path in Path("data/sites").iterdir():
    frame = pd.read_csv(path)
    rows.append({"site": path.stem, "age": frame["age"].mean()})
table = pd.DataFrame(rows).sort_values("site")
table.to_csv("report.csv", index=False)
