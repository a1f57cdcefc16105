"""The crawler: the registry of government sites, the spiders that visit them, and what they record."""
