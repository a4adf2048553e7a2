"""Many salespeople on few promoters: a contest for holds on a scratch database, audited by queries of its own."""
