import pandas as pd

frame = pd.read_csv("data/points.csv")
excluded = {"label", "id"}
features = [column for column in frame.columns if column not in excluded]
others = frame.columns.difference(["label"])
print(frame[features].head(3).to_csv(), list(others))
