names = ["oslo", "lima", "oslo", "perth", "quito", "lima", "bergen"]
seen, duplicates = set(), []
for name in names:
    if name in seen:
        duplicates.append(name)
    seen.add(name)
print(duplicates, len(seen))
