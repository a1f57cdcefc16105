"""Rules: what is not part of the document. Small named patterns by position and whole line, and the passes that apply them."""
