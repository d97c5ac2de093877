import numpy as np

weights = np.random.uniform(size=5)


def main():
    np.random.seed(2024)
    sample = np.random.normal(size=(100, 5))
    print((sample @ weights).std())


main()
