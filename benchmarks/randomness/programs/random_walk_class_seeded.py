import numpy as np


class Walk:
    def __init__(self, steps, seed):
        self.steps = steps
        self.rng = np.random.default_rng(seed)

    def run(self):
        return self.rng.choice([-1, 1], size=self.steps).cumsum()


walks = [Walk(50, seed).run()[-1] for seed in range(20)]
print(np.mean(walks), np.std(walks))
