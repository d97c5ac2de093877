ids = [1007, 2201, 3345, 87, 19, 5]
print([hash(number) % 4 for number in ids], list({3, 1, 2, 9}), hash((1, 2, 3)) % 100)
