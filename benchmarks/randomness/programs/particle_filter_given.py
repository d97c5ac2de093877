import numpy as np


class ParticleFilter:
    """A bootstrap filter that tracks a position."""

    def __init__(self, n, rng=None):
        self.rng = rng if rng is not None else np.random.default_rng()
        self.particles = self.rng.normal(0, 1, n)

    def step(self, observation):
        self.particles = self.particles + self.rng.normal(0, 0.1, len(self.particles))
        weights = np.exp(-0.5 * (observation - self.particles) ** 2)
        weights /= weights.sum()
        chosen = self.rng.choice(len(weights), len(weights), p=weights)
        self.particles = self.particles[chosen]
        return self.particles.mean()


if __name__ == "__main__":
    tracker = ParticleFilter(200, rng=np.random.default_rng(seed=3))
    print([tracker.step(z) for z in (0.1, 0.2, 0.35, 0.5)])
