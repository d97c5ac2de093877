import pandas as pd

frame = pd.read_csv("data/points.csv")
print("labels:", sorted(set(frame["label"])), "groups:", len(set(frame["group"])))
missing = {"north", "south", "east"} - set(frame["group"])
if missing:
    print("missing groups:", len(missing))
