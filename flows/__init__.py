"""Prefect flows, where pages come from, and the command line; imports all other parts."""
