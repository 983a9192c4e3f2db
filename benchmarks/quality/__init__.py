"""Recall and false alarms of the checks: a clean made-up world, faults planted in it one by one and in combination."""
