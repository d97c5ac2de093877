import contextlib
import random


@contextlib.contextmanager
def seeded(value):
    state = random.getstate()
    random.seed(value)
    try:
        yield
    finally:
        random.setstate(state)


with seeded(4):
    print([random.random() for _ in range(3)])
