import numpy as np


def make_sampler(seed):
    rng = np.random.default_rng(seed)

    def sample(n):
        return rng.beta(2, 5, n)

    return sample


sampler = make_sampler(14)
print(sampler(3), sampler(2))
