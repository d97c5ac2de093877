import glob

import pandas as pd

frames = [pd.read_csv(path).assign(source=path) for path in glob.glob("data/sites/*.csv")]
table = pd.concat(frames, ignore_index=True)
table.to_csv("all_sites.csv", index=False)
print(table.head())
