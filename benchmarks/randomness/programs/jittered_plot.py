import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

frame = pd.read_csv("data/points.csv")
codes = frame["group"].astype("category").cat.codes
plt.scatter(codes + np.random.uniform(-0.1, 0.1, len(codes)), frame["y"])
plt.title("values by group")
print(frame.groupby("group")["y"].mean())
