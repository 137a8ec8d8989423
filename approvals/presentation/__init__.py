"""How facts and agents' words are shown. Values in, values out."""
