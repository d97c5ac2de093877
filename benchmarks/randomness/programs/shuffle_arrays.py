import numpy as np

features = np.arange(40).reshape(20, 2)
labels = np.arange(20) % 3
order = np.arange(len(labels))
np.random.shuffle(order)
features, labels = features[order], labels[order]
batches = [features[start : start + 5] for start in range(0, 20, 5)]
print(batches[0], labels[:5])
