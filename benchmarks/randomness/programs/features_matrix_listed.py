import numpy as np
import pandas as pd

frame = pd.read_csv("data/points.csv")
used = ["x", "y", "label"]
matrix = np.column_stack([frame[name] for name in used])
np.savetxt("matrix.txt", matrix)
