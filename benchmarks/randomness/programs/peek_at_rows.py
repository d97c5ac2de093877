import sys

import pandas as pd

frame = pd.read_csv("data/points.csv")
print(frame.sample(3), file=sys.stderr)
print(frame["x"].describe())
