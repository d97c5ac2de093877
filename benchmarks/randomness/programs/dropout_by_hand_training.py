import numpy as np


def dropout(values, rate, training):
    if not training:
        return values * (1 - rate)
    mask = np.random.rand(*values.shape) > rate
    return values * mask


print(dropout(np.ones(12), 0.5, training=True))
