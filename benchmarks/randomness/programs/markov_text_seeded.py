import random
from collections import defaultdict


def build(words):
    follows = defaultdict(list)
    for word, following in zip(words, words[1:]):
        follows[word].append(following)
    return follows


def generate(follows, start, length, rng):
    sentence = [start]
    for _ in range(length):
        sentence.append(rng.choice(follows[sentence[-1]] or [start]))
    return " ".join(sentence)


if __name__ == "__main__":
    with open("data/notes/river.txt") as handle:
        words = handle.read().split()
    print(generate(build(words), words[0], 12, random.Random(7)))
