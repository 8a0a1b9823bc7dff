"""Profiles: what says how one kind of export becomes tables; the ready ones, a TOML file each, lie here."""
