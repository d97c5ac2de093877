names = ["oslo", "lima", "oslo", "perth", "lima", "quito"]
unique = list(dict.fromkeys(names))
seen = set()
again = []
for name in names:
    if name not in seen:
        seen.add(name)
        again.append(name)
print(unique, again, unique == again)
