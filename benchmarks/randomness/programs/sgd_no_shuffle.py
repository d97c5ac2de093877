import numpy as np
from sklearn.linear_model import SGDRegressor

x = np.linspace(0, 1, 50).reshape(-1, 1)
model = SGDRegressor(shuffle=False, max_iter=40, tol=None).fit(x, 3 * x.ravel() - 1)
print(model.coef_, model.intercept_)
