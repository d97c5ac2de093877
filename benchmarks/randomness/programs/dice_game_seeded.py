import random


def roll(n):
    return [random.randint(1, 6) for _ in range(n)]


def play(rounds=50):
    wins = 0
    for _ in range(rounds):
        if sum(roll(2)) > sum(roll(2)):
            wins += 1
    return wins


def main():
    random.seed(1234)
    print("player one won", play(2000), "times")


main()
