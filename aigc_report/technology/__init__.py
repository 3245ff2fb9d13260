"""The technology itself: how its concepts hang together, what quality was published, what it costs to train and use."""
