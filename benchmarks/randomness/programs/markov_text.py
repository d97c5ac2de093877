import random
from collections import defaultdict

with open("data/notes/river.txt") as handle:
    words = handle.read().split()
follows = defaultdict(list)
for word, following in zip(words, words[1:]):
    follows[word].append(following)
word = words[0]
sentence = [word]
for _ in range(12):
    word = random.choice(follows[word] or words)
    sentence.append(word)
print(" ".join(sentence))
