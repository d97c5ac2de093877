from concurrent.futures import ThreadPoolExecutor

import numpy as np


def simulate(n):
    return np.random.normal(size=n).mean()


with ThreadPoolExecutor(4) as pool:
    print(list(pool.map(simulate, [10, 20, 30])))
