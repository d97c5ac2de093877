from concurrent.futures import ThreadPoolExecutor

import numpy as np


def simulate(seed):
    return np.random.default_rng(seed).normal(size=100).mean()


with ThreadPoolExecutor(4) as pool:
    print(list(pool.map(simulate, range(8))))
