import pandas as pd

frame = pd.read_csv("data/points.csv")
features = list(set(frame.columns) - {"label", "id"})
print(frame[features].head(3).to_csv())
