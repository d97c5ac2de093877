import numpy as np
from numpy.random import permutation, seed

seed(5)
order = permutation(30)
print(order[:10], np.random.uniform(size=2))
