a = {"rent": 1, "food": 2, "fuel": 5, "books": 3}
b = {"food": 4, "water": 7, "fuel": 1, "power": 2}
with open("merged.csv", "w") as handle:
    for key in a.keys() | b.keys():
        handle.write(f"{key},{a.get(key, 0)},{b.get(key, 0)}\n")
