import argparse

import numpy as np

parser = argparse.ArgumentParser()
parser.add_argument("--runs", type=int, default=3)
parser.add_argument("--seed", type=int, default=17)
options = parser.parse_args([])
rng = np.random.default_rng(options.seed)
for run in range(options.runs):
    print(run, rng.poisson(4, 5).tolist())
