from dataclasses import dataclass
from typing import Optional

import numpy as np


@dataclass
class Settings:
    size: int = 50
    seed: Optional[int] = None


def simulate(settings):
    rng = np.random.default_rng(settings.seed)
    return rng.uniform(0, 10, settings.size)


print(simulate(Settings(size=5)).round(4))
