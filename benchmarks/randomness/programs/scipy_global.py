import numpy as np
from scipy import stats

np.random.seed(21)
first = stats.gamma.rvs(2.0, size=40)
second = stats.gamma.rvs(2.2, size=40)
print(stats.mannwhitneyu(first, second))
