import pandas as pd
import statsmodels.api as sm

frame = pd.read_csv("data/points.csv")
model = sm.OLS(frame["y"], sm.add_constant(frame[["x", "label"]])).fit()
print(model.params, model.rsquared)
