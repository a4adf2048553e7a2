"""The Net Promoter Score on pages: how sure it is, trend and segments, who is at risk, personas and benchmarks."""
