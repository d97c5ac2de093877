import numpy as np
from statsmodels.tsa.arima_process import arma_generate_sample

series = arma_generate_sample([1, -0.6], [1, 0.3], 60)
print(np.round(series[:5], 4), np.corrcoef(series[1:], series[:-1])[0, 1])
