from dataclasses import dataclass, field

import numpy as np


@dataclass
class Config:
    steps: int = 50
    step_size: float = 0.5
    seed: int = 8
    start: list = field(default_factory=lambda: [0.0, 0.0])


def walk(config):
    rng = np.random.RandomState(config.seed)
    position = np.array(config.start)
    for _ in range(config.steps):
        position = position + config.step_size * rng.standard_normal(2)
    return position


print(walk(Config(steps=20)))
