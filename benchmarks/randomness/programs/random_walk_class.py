import numpy as np


class Walk:
    def __init__(self, steps, scale=1.0):
        self.steps = steps
        self.scale = scale

    def run(self):
        moves = np.random.choice([-1, 1], size=self.steps)
        return (moves * self.scale).cumsum()


walks = [Walk(50).run()[-1] for _ in range(20)]
print(np.mean(walks), np.std(walks))
