from functools import lru_cache

import numpy as np


@lru_cache(maxsize=None)
def weights(size):
    return np.random.uniform(0, 1, size)


def score(values):
    return float(weights(len(values)) @ np.asarray(values))


print(score([1, 2, 3]), score([4, 5, 6]))
