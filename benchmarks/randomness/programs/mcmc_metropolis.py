import math

import numpy as np


def metropolis(log_density, start, steps, rng):
    x, chain = start, []
    for _ in range(steps):
        proposal = x + rng.normal()
        if math.log(rng.uniform()) < log_density(proposal) - log_density(x):
            x = proposal
        chain.append(x)
    return np.array(chain)


chain = metropolis(lambda x: -0.5 * x * x, 0.0, 500, np.random.default_rng())
print(chain.mean(), chain.std())
