"""JUDGE: Great Expectations suites over the built facts -> flags with severity.

dbt computes the facts (confidential.check_*); nothing is computed here.
"""
