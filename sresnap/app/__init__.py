"""One use case a file: a request in, a result out. No click, and nothing is printed."""
