import random
from types import SimpleNamespace

settings = SimpleNamespace(seed=31, size=5)


def prepare():
    random.seed(settings.seed)


def main():
    prepare()
    print(random.choices("abcdef", k=settings.size))


main()
