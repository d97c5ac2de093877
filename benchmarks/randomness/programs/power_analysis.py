import numpy as np
from scipy import stats


def power(effect, n, simulations=60):
    hits = 0
    for _ in range(simulations):
        a, b = stats.norm.rvs(size=n), stats.norm.rvs(loc=effect, size=n)
        hits += stats.ttest_ind(a, b).pvalue < 0.05
    return hits / simulations


print([power(effect, 20) for effect in (0.2, 0.5, 0.8)])
