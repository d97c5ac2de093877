import random

import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.tree import DecisionTreeRegressor

random.seed(1)
frame = pd.read_csv("data/points.csv")
train, test = train_test_split(frame, test_size=0.3)
model = DecisionTreeRegressor(max_depth=3).fit(train[["x"]], train["y"])
print(round(model.score(test[["x"]], test["y"]), 5))
