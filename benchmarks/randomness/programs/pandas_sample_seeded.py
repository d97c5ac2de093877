import pandas as pd

sales = pd.read_csv("data/points.csv")
train = sales.sample(frac=0.7, random_state=200)
test = sales.drop(train.index)
print(train["x"].mean(), test["x"].mean())
