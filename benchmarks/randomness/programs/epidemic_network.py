import random

import networkx as nx

graph = nx.barabasi_albert_graph(60, 2, seed=3)
infected = {0}
for _ in range(5):
    for node in list(infected):
        for neighbour in graph[node]:
            if random.random() < 0.3:
                infected.add(neighbour)
print(len(infected))
