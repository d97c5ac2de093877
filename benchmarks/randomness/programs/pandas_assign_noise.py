import numpy as np
import pandas as pd

frame = pd.read_csv("data/points.csv")
frame = frame.assign(noisy=lambda f: f["x"] + np.random.normal(0, 0.1, len(f)))
print(frame.groupby("group")["noisy"].mean())
