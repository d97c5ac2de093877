import random
from types import SimpleNamespace

settings = SimpleNamespace(seed=31, size=5)


def set_seed():
    random.seed(settings.seed)


def main():
    print(random.choices("abcdef", k=settings.size))


main()
