"""The methods, a file each: what its networks are, what they minimise, and where it departs from its paper."""
