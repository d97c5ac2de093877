import networkx as nx

graph = nx.karate_club_graph()
positions = nx.spring_layout(graph, iterations=5, seed=4)
print(positions[0], positions[33])
print(sorted(nx.degree_centrality(graph).items(), key=lambda item: -item[1])[:3])
