import argparse

import numpy as np

parser = argparse.ArgumentParser(description="simulate a queue")
parser.add_argument("--customers", type=int, default=100)
parser.add_argument("--seed", type=int, default=None)
args = parser.parse_args()

rng = np.random.default_rng(args.seed)
arrivals = np.cumsum(rng.exponential(1.0, args.customers))
service = rng.exponential(0.8, args.customers)
end = 0.0
waits = []
for arrival, length in zip(arrivals, service):
    start = max(arrival, end)
    waits.append(start - arrival)
    end = start + length
print("mean wait", np.mean(waits))
