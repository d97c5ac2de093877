import pandas as pd
from sklearn.model_selection import KFold, cross_val_score
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

frame = pd.read_csv("data/points.csv")
pipe = make_pipeline(StandardScaler(), KNeighborsRegressor(3))
print(cross_val_score(pipe, frame[["id", "x"]], frame["y"], cv=KFold(4)).round(4))
