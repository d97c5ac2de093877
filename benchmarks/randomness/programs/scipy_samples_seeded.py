import numpy as np
from scipy import stats

heights = stats.norm(loc=170, scale=8).rvs(size=50, random_state=np.random.default_rng(1))
more = stats.poisson.rvs(3, size=10, random_state=7)
print(stats.ttest_1samp(heights, 170), more, stats.norm.cdf(1.2))
