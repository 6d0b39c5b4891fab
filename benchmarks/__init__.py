"""Benchmarks with a fixed workload, run by `samenspraak bench`."""
