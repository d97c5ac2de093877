import random as rnd

pick = rnd.choice
flip = rnd.random


def play(rounds):
    return sum(pick([1, -1]) for _ in range(rounds)) + flip()


print(play(9))
