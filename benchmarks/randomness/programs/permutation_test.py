import numpy as np


def permutation_p(a, b, n=500):
    observed = a.mean() - b.mean()
    pooled = np.concatenate([a, b])
    hits = 0
    for _ in range(n):
        np.random.shuffle(pooled)
        hits += abs(pooled[: len(a)].mean() - pooled[len(a) :].mean()) >= abs(observed)
    return hits / n


print(permutation_p(np.array([1.2, 2.4, 2.2, 3.1, 1.9]), np.array([2.0, 3.3, 2.9, 3.6, 2.1])))
