import numpy as np


def estimate(n, seed):
    rng = np.random.default_rng(seed)
    inside = (rng.random((n, 2)) ** 2).sum(axis=1) < 1
    return 4 * inside.mean()


for seed in range(5):
    print(seed, estimate(2000, seed))
