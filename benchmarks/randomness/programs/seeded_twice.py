import numpy as np

np.random.seed(0)
first = np.random.rand(3)
np.random.seed()
second = np.random.rand(3)
print(first, second)
