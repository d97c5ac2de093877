words = {"amber", "birch", "cedar", "dune", "elm", "fern"}
edges = [(a, b) for a in words for b in words if a < b and a[0] != b[0]]
with open("edges.csv", "w") as handle:
    for a, b in edges:
        handle.write(f"{a},{b}\n")
