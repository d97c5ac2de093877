import pandas as pd

frame = pd.read_csv("data/points.csv")
train = frame.sample(frac=0.7)
test = frame.drop(train.index)
print(len(train), len(test), round(test["y"].mean(), 4))
