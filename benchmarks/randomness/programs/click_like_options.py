import argparse

import numpy as np


def parse(argv=None):
    parser = argparse.ArgumentParser()
    parser.add_argument("--n", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1234)
    return parser.parse_args(argv)


def main(argv=None):
    options = parse(argv)
    rng = np.random.default_rng(options.seed)
    print(rng.poisson(3, options.n).tolist())


if __name__ == "__main__":
    main()
