"""A hub with years behind it, made up from numbers, so that anyone can try the portal at the size of a country."""
