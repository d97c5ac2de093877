import numpy as np


def noisy(values, rng=np.random.default_rng()):
    return [v + rng.normal() for v in values]


print(noisy([1, 2, 3]))
