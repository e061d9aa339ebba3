"""What a scanned or typed text is: a closed union of codes, or why it is none."""
