import random

import pandas as pd

frame = pd.read_csv("data/points.csv")
frame["arm"] = frame["id"].apply(lambda _: random.choice("AB"))
frame.to_csv("arms.csv", index=False)
