with open("data/notes/river.txt") as handle:
    words = set(handle.read().split())
ranked = sorted(words, key=lambda word: (len(word), word))
with open("ranked.txt", "w") as handle:
    handle.write("\n".join(ranked))
