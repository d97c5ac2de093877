import pandas as pd

frame = pd.read_csv("data/points.csv")
sample = frame.groupby("group").sample(n=3)
print(sample["x"].describe().to_string())
