import random as rnd

rnd.seed(404)
pick = rnd.choice
flip = rnd.random


def play(rounds):
    return sum(pick([1, -1]) for _ in range(rounds)) + flip()


print(play(9))
