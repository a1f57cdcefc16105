"""The archive: the only writer of the data folder. Raw store, build, search index, releases."""
