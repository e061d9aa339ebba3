"""Short sounds, each with a light and a word on the screen."""
