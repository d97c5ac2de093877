import pandas as pd

frame = pd.read_csv("data/points.csv")
x, y = frame["x"].to_numpy(), frame["y"].to_numpy()
slope = 0.0
for epoch in range(5):
    for start in range(0, len(x), 10):
        batch = slice(start, start + 10)
        slope -= 0.001 * ((slope * x[batch] - y[batch]) * x[batch]).mean()
print(slope)
