import numpy as np
from sklearn.model_selection import ShuffleSplit

for train, test in ShuffleSplit(n_splits=2, test_size=0.3).split(np.zeros((10, 1))):
    print(train, test)
