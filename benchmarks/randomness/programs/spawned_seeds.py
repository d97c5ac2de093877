import numpy as np

root = np.random.SeedSequence(20240501)
streams = [np.random.default_rng(child) for child in root.spawn(3)]
print([stream.integers(0, 100, 4).tolist() for stream in streams])
