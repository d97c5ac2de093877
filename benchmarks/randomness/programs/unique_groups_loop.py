import pandas as pd

frame = pd.read_csv("data/points.csv")
for group in set(frame["group"]):
    part = frame[frame["group"] == group]
    print(group, len(part), round(part["x"].mean(), 3))
