"""What the staffed counter says, in the reader's language: short, plain, with the next step."""
