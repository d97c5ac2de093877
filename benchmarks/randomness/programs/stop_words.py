STOP = {"the", "and", "of", "a", "in", "to"}
text = "the river met the winter sea and the stone kept the cold light of the hill"
kept = [word for word in text.split() if word not in STOP]
counts = {}
for word in kept:
    counts[word] = counts.get(word, 0) + 1
print(kept, counts)
