#!/bin/sh
# Prints an interpreter that is Python 3.12 or newer. Candidates are run, not only looked up:
# a shim named python3.12 may stand on the PATH and fail.

good='import sys; print(sys.executable) if sys.version_info >= (3, 12) else sys.exit(1)'

newest_first() { ls -d "$1"/versions/3.*/bin/python3 2>/dev/null | sort -t. -k2,2nr; }

for candidate in ${PYTHON:+"$PYTHON"} .venv/bin/python python3.14 python3.13 python3.12 python3 \
    $(newest_first "${PYENV_ROOT:-$HOME/.pyenv}"); do
    if found=$("$candidate" -c "$good" 2>/dev/null) && [ -n "$found" ]; then
        echo "$found"
        exit 0
    fi
done

echo "  ✗ Countersign needs Python 3.12 or newer, and none was found: install one (for example the package python3.13)" \
    "and run the command again, or name it with PYTHON=/path/to/python3." >&2
exit 1
