"""What the counter's screens show, job by job."""
