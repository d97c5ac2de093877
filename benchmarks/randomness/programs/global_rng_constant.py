import numpy as np

RNG = np.random.default_rng(2)


def noise(shape, scale=1.0, rng=RNG):
    return rng.normal(scale=scale, size=shape)


def simulate(n):
    return np.linspace(0, 1, n) + noise(n, 0.1)


print(simulate(5), noise((2, 2)))
