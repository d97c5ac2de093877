import random

import numpy as np


def fix_randomness(seed=0):
    np.random.seed(seed)
    random.seed(seed)


fix_randomness()
order = list(range(10))
random.shuffle(order)
print(order, np.random.rand(3).round(3))
