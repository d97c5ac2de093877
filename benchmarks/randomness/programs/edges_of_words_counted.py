words = {"amber", "birch", "cedar", "dune", "elm", "fern"}
edges = [(a, b) for a in words for b in words if a < b and a[0] != b[0]]
print(len(edges))
