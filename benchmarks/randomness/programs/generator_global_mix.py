import numpy as np

np.random.seed(0)
rng = np.random.default_rng()
values = rng.normal(size=100)
print(values.mean(), values.std())
