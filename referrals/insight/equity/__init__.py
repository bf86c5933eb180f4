"""Whether children are treated alike: what was decided and how long it took, by what is recorded about them."""
