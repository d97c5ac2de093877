import numpy as np

weights = np.array([61.2, 70.5, 58.9, 66.1, 80.4, 75.3, 69.9, 64.8])


def bootstrap(values, statistic, n=400):
    draws = [statistic(np.random.choice(values, size=len(values))) for _ in range(n)]
    return np.percentile(draws, [2.5, 97.5])


low, high = bootstrap(weights, np.mean)
print(f"mean {weights.mean():.2f}, interval {low:.4f} to {high:.4f}")
