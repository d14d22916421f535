"""Luding Bridge as geometry: every solid is made here from measures and seeds, none is drawn by hand."""
