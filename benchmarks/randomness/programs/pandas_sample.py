import pandas as pd

sales = pd.read_csv("data/points.csv")
subset = sales.sample(frac=0.3)
print(subset["x"].mean())
subset.to_json("subset.json", orient="records")
