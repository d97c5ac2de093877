import pandas as pd

frame = pd.read_csv("data/points.csv")
groups = list(set(frame["group"].tolist()))
frame["code"] = frame["group"].map(groups.index)
frame.to_csv("coded.csv", index=False)
