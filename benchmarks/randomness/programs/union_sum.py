a = {"x": 1, "y": 2, "z": 5}
b = {"y": 4, "w": 7, "z": 1}
total = 0
for key in set(a) | set(b):
    total += a.get(key, 0) * b.get(key, 0)
print(total, all(key in a for key in set(b) & set(a)))
