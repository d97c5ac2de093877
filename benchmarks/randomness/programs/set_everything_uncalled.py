import random

import numpy as np
import pandas as pd


def set_seed(seed=42):
    random.seed(seed)
    np.random.seed(seed)


def experiment():
    frame = pd.DataFrame({"a": np.random.rand(20), "b": [random.random() for _ in range(20)]})
    return frame.mean()


if __name__ == "__main__":
    print(experiment())
