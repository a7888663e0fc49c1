"""What passes between stages: frozen data and the arithmetic that belongs to it. No I/O, no clock, no clients."""
