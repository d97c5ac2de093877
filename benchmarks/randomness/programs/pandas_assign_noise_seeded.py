import numpy as np
import pandas as pd

rng = np.random.default_rng(2024)
frame = pd.read_csv("data/points.csv")
frame = frame.assign(noisy=lambda f: f["x"] + rng.normal(0, 0.1, len(f)))
print(frame.groupby("group")["noisy"].mean())
