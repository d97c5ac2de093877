import networkx as nx

graph = nx.karate_club_graph()
parts = nx.community.louvain_communities(graph)
print(sorted(sorted(part) for part in parts)[0], nx.community.modularity(graph, parts))
