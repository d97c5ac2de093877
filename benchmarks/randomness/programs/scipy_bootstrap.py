import numpy as np
from scipy.stats import bootstrap

data = (np.array([3.1, 4.7, 2.2, 5.9, 4.4, 3.8, 6.0]),)
print(bootstrap(data, np.mean, n_resamples=500).confidence_interval)
