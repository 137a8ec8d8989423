"""The console's verbs: keyword-only, guarded, recorded before and after; the engine is called between transactions."""
