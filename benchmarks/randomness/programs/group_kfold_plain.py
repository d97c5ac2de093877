import numpy as np
from sklearn.model_selection import GroupKFold

groups = np.repeat([1, 2, 3, 4], 3)
for train, test in GroupKFold(2).split(np.zeros((12, 1)), groups=groups):
    print(train, test)
