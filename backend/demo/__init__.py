"""Demo content of our own making: invented groups and what they run, on London's real map."""
