values = {3, 17, 5, 99, 42, 8}
order = [value * 2 for value in values]
print(order, list({1.5, 2.5, -3.0}))
