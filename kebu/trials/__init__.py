"""trials: the product on trial, measured and mistreated from outside, on installations of their own."""
