import numpy as np
from sklearn.linear_model import SGDRegressor

x = np.linspace(0, 1, 50).reshape(-1, 1)
model = SGDRegressor(max_iter=10, tol=None).fit(x, 3 * x.ravel() - 1)
print(model.coef_, model.intercept_)
