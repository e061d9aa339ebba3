"""Rules in, verdict out: one pure evaluator for the kiosk and for the centre."""
