from pathlib import Path

import pandas as pd

frames = []
for path in sorted(Path("data/sites").glob("*.csv")):
    frame = pd.read_csv(path)
    frame["site"] = path.stem
    frames.append(frame)
everything = pd.concat(frames, ignore_index=True)
everything.to_csv("all.csv", index=False)
