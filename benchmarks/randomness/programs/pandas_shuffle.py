import pandas as pd

frame = pd.read_csv("data/points.csv")
frame = frame.sample(frac=1).reset_index(drop=True)
print(frame.iloc[:10].to_string())
