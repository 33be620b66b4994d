"""The model in a browser: the same rules, compiled to WebAssembly, in one page that needs nothing else."""
