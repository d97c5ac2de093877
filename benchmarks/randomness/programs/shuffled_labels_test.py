import numpy as np

values = np.arange(40) % 7
labels = np.arange(40) % 2
observed = values[labels == 1].mean() - values[labels == 0].mean()
count = 0
for _ in range(200):
    np.random.shuffle(labels)
    count += values[labels == 1].mean() - values[labels == 0].mean() >= observed
print(count / 200)
