from dataclasses import dataclass, field

import numpy as np


@dataclass
class Settings:
    size: int = 50
    seed: int = 11
    bounds: list = field(default_factory=lambda: [0, 10])


def simulate(settings):
    rng = np.random.default_rng(settings.seed)
    return rng.uniform(*settings.bounds, settings.size)


print(simulate(Settings(size=5)).round(4))
