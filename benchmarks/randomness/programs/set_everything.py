import os
import random

import numpy as np
import pandas as pd


def set_seed(seed):
    random.seed(seed)
    np.random.seed(seed)
    os.environ["PYTHONHASHSEED"] = str(seed)


set_seed(42)
frame = pd.DataFrame({"a": np.random.rand(20), "b": [random.random() for _ in range(20)]})
print(frame.sample(4), frame.describe())
