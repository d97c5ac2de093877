import numpy as np
from scipy import optimize

x = np.linspace(0, 4, 30)
y = 2.5 * np.exp(-1.3 * x) + 0.5 + 0.05 * np.sin(20 * x)
params, covariance = optimize.curve_fit(lambda x, a, b, c: a * np.exp(-b * x) + c, x, y)
print(params, optimize.minimize(lambda v: (v[0] - 1) ** 2 + v[1] ** 2, [3, 3]).x.round(6))
