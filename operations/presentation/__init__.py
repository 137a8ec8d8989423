"""How the console shows what it has read. Values in, values out."""
