import os

os.environ["PYTHONHASHSEED"] = "0"

species = {"setosa", "versicolor", "virginica", "pumila", "sibirica", "lutea"}
codes = {name: code for code, name in enumerate(species)}
print(codes["virginica"], codes["lutea"], codes["setosa"])
