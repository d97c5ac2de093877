import time

import numpy as np
import pandas as pd

frame = pd.read_csv("data/points.csv")
frame["age"] = time.time() - frame["id"] * 1000
model = np.polyfit(frame["age"], frame["y"], 1)
print(frame["age"].iloc[0], model)
