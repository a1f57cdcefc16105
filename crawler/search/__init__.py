"""Site search: the engines of government sites as data (engines.yaml), their answers read, and the course of a search."""
