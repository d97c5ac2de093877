import random


class Base:
    def __init__(self, seed=None):
        self.rng = random.Random(seed)


class Dice(Base):
    def __init__(self, sides):
        super().__init__()
        self.sides = sides

    def roll(self, n):
        return [self.rng.randint(1, self.sides) for _ in range(n)]


print(Dice(20).roll(10))
