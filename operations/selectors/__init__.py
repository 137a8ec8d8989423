"""The console's reads: the engine's runs beside the inbox's requests."""
