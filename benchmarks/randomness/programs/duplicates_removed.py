names = ["oslo", "lima", "oslo", "perth", "quito", "lima", "bergen"]
unique = list(set(names))
with open("order.txt", "w") as handle:
    for rank, name in enumerate(unique, 1):
        print(rank, name, file=handle)
