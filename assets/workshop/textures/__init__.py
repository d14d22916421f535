"""Tileable surfaces from seeded noise: one function a material, base colour and, where it matters, a normal map."""
