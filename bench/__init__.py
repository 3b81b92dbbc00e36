"""Speed, shown: builds the data, checks the answers, and prints every ratio beside its goal. `make bench`."""
