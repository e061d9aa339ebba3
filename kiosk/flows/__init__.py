"""Screen-free state machines: frozen states, one `step` each, and the runner that drives them."""
