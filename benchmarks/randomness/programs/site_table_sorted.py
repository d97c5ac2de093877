from glob import glob

import pandas as pd

frames = []
for path in sorted(glob("data/sites/*.csv")):
    frame = pd.read_csv(path)
    frame["source"] = path
    frames.append(frame)
table = pd.concat(frames, ignore_index=True)
table.to_csv("all_sites.csv", index=False)
print(table.head())
