"""Pure rules: values in, values out. Nothing here reads a database, the engine or a clock."""
