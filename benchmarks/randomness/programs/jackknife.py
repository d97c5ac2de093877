import numpy as np

values = np.arange(1, 15) ** 1.5
estimates = [np.delete(values, i).mean() for i in range(len(values))]
print(np.var(estimates))
