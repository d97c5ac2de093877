import numpy as np
import pandas as pd

frame = pd.read_csv("data/points.csv")
x, y = frame["x"].to_numpy(), frame["y"].to_numpy()
slope = 0.0
for epoch in range(5):
    order = np.random.permutation(len(x))
    for start in range(0, len(x), 10):
        batch = order[start : start + 10]
        slope -= 0.001 * ((slope * x[batch] - y[batch]) * x[batch]).mean()
print(slope)
