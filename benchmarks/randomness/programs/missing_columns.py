import pandas as pd

frame = pd.read_csv("data/points.csv")
expected = {"id", "x", "y", "label", "group", "colour", "weight", "height"}
missing = expected - set(frame.columns)
for column in missing:
    frame[column] = 0
frame.to_csv("filled.csv", index=False)
