"""The same page in other stacks, as their own documentation would write it, kept small."""
