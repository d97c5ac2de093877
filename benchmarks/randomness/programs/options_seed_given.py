import argparse

import numpy as np


def parse():
    parser = argparse.ArgumentParser(description="simulate a queue")
    parser.add_argument("--customers", type=int, default=100)
    parser.add_argument("--seed", type=int, default=17)
    return parser.parse_args()


def simulate(options):
    rng = np.random.default_rng(options.seed)
    arrivals = np.cumsum(rng.exponential(1.0, options.customers))
    service = rng.exponential(0.8, options.customers)
    end, waits = 0.0, []
    for arrival, length in zip(arrivals, service):
        start = max(arrival, end)
        waits.append(start - arrival)
        end = start + length
    return np.mean(waits)


if __name__ == "__main__":
    print("mean wait", simulate(parse()))
