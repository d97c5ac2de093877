with open("data/notes/river.txt") as handle:
    words = set(handle.read().split())
ranked = sorted(words, key=len)
with open("ranked.txt", "w") as handle:
    handle.write("\n".join(ranked))
