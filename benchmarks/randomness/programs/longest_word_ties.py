words = "salt lamp boat fern wind lake moss dune reef crag".split()
unique = set(words)
print(max(sorted(unique), key=len))
