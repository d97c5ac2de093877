import numpy as np


def noise(n):
    return np.random.normal(size=n)


def estimate(repeats):
    return [noise(30).mean() for _ in range(repeats)]


def main():
    np.random.seed(2024)
    print(np.percentile(estimate(100), [2.5, 97.5]))


main()
