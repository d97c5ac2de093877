from pathlib import Path

import pandas as pd

frames = [pd.read_csv(path).assign(site=path.stem) for path in Path("data/sites").glob("*.csv")]
everything = pd.concat(frames).sort_values(["site", "id"], ignore_index=True)
everything.to_csv("all.csv", index=False)
