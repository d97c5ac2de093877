import random

import networkx as nx

random.seed(5)
graph = nx.barabasi_albert_graph(60, 2)
infected = {0}
for _ in range(5):
    for node in sorted(infected):
        for neighbour in graph[node]:
            if random.random() < 0.3:
                infected.add(neighbour)
print(len(infected))
