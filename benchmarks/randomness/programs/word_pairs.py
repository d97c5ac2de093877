from itertools import combinations

text = "the river met the winter sea and the stone kept the cold light of the hill"
pairs = {}
for first, second in combinations(set(text.split()), 2):
    pairs[first, second] = text.count(first) * text.count(second)
print(list(pairs.items())[:4])
