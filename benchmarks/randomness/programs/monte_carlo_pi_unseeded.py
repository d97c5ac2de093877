import numpy as np


def estimate(n):
    rng = np.random.default_rng()
    inside = (rng.random((n, 2)) ** 2).sum(axis=1) < 1
    return 4 * inside.mean()


estimates = [estimate(2000) for _ in range(5)]
print(f"pi is about {np.mean(estimates):.6f}")
