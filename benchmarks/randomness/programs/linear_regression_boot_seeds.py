import numpy as np
import pandas as pd

frame = pd.read_csv("data/points.csv")


def slope(rows):
    return np.polyfit(rows["x"], rows["y"], 1)[0]


slopes = [slope(frame.sample(len(frame), replace=True, random_state=i)) for i in range(30)]
print(np.percentile(slopes, [5, 95]))
