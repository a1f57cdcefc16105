"""What the CMS families' pages look like: one module a family."""
