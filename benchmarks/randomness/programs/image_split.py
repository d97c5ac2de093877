import random
from pathlib import Path

random.seed(13)
paths = list(Path("data/images").rglob("*.txt"))
random.shuffle(paths)
cut = int(0.8 * len(paths))
print("validation:", [p.as_posix() for p in paths[cut:]])
