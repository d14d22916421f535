"""The list of files to make: which parts go where, lit by one another, then written with their evidence."""

from . import deck, glb, light, link, masonry, pavilion, plants, stele, terrain, town
from .mesh import Model

# Roughness and metalness by material; nothing here shines but worn iron, a little.
LOOK = {"stone": (0.86, 0.0), "redstone": (0.7, 0.0), "rock": (0.92, 0.0), "timber": (0.8, 0.0), "tile": (0.84, 0.0), "plaster": (0.95, 0.0),
        "iron": (0.55, 0.6), "foliage": (0.95, 0.0)}
# Steps per metre that positions are rounded to; powers of two.
STEPS = {"far": 4, "gorge": 64, "trees": 64, "town": 256}
FINE_STEPS = 1024


def models():
    """All models but the links, unlit."""
    heads, fine, gorge, trees = Model("heads"), Model("heads-fine"), Model("gorge"), Model("trees")
    for side in (-1, 1):
        masonry.abutment(heads, side)
        masonry.paving(heads, side)
        masonry.threshold(heads, side)
    masonry.well(heads)
    masonry.parapets(fine)
    masonry.river_steps(fine)
    stele.build(heads)
    for place in pavilion.both():
        pavilion.build(heads, place)
        pavilion.fine(fine, place)
    terrain.gorge(gorge)
    plants.boulders(gorge)
    plants.planting(trees)
    plants.shrubs(trees)
    made = [heads, deck.today(), deck.in_1935(), gorge, fine, town.build(), trees, terrain.far()]
    for model in made:
        model.parts = {key: part for key, part in model.parts.items() if part.count}
    return made


def _node(part, model, openness, steps):
    name = "-".join(filter(None, (model.name, part.material, part.certainty, part.source, part.era if model.name[:4] != "deck" else None)))
    extras = {"certainty": part.certainty, "source": part.source, **({"era": part.era} if part.era else {})}
    return name, extras, part.material, *LOOK[part.material], glb.packed(part, openness, steps)


def write(folder):
    """Make everything into `folder`; returns (file name, triangles, nodes) for each."""
    made, report = models(), []
    fixed = [p for m in made for p in m.parts.values() if p.era is None]
    shades = {None: light.tree(fixed)}
    for era in ("today", "1935"):
        shades[era] = light.tree(fixed + [p for m in made for p in m.parts.values() if p.era == era])
    for model in made:
        steps = STEPS.get(model.name, FINE_STEPS)
        nodes = [_node(p, model, light.occlusion(p, shades[p.era]), steps) for _, p in sorted(model.parts.items(), key=lambda kv: str(kv[0]))]
        drawn = glb.write(folder / f"{model.name}.glb", nodes)
        report.append((f"{model.name}.glb", drawn, len(nodes)))
        print(f"{model.name}.glb: {drawn} triangles in {len(nodes)} draws", flush=True)
    links = []
    for number in range(len(link.LEVELS)):
        part = next(iter(link.level(number).parts.values()))
        name, *rest = _node(part, Model("link"), light.occlusion(part, light.tree([part])), 8192)
        links.append((f"link-{number}", *rest))
    report.append(("link.glb", glb.write(folder / "link.glb", links), len(links)))
    return report
