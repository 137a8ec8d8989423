"""Pure rules: values in, values out. Nothing here reads a database or a clock."""
