"""One module for each maker: only what deviates from the standard."""
