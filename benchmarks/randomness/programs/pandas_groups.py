import pandas as pd

frame = pd.read_csv("data/points.csv")
summary = frame.groupby("group").agg(mean_x=("x", "mean"), n=("id", "size"))
print(summary)
print(frame["group"].unique(), pd.factorize(frame["group"])[0][:12])
print(frame.pivot_table(index="group", columns="label", values="y", aggfunc="median"))
