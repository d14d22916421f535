"""Renders the built files from chosen viewpoints, to judge them and for the poster: `python -m models.poster VIEW OUT.png [WIDTH SAMPLES]`."""

import math
import sys
from pathlib import Path

import bpy
from mathutils import Matrix, Vector

from .measures import DECK_NORTHS_M, HALF_M, PITCH_M, RAILS, SPAN_M, WATER_UP_M, deck_up_m

SITE = Path(__file__).resolve().parents[2] / "sites" / "luding"
# Eye and aim, east-north-up, and the field of view across.
VIEWS = {
    "entry": ((-60.5, -19, 1.65), (10, -2, 0.4), 62), "poster": ((-57.5, -25.5, 2.2), (12, 0, -0.5), 58),
    "mid": ((6, 0, deck_up_m(6) + 1.75), (52, 0.2, 1.5), 62), "west": ((-40, 0.3, deck_up_m(-40) + 1.75), (-55, 0, 3.2), 66),
    "bank": ((-72, -4, 1.65), (-50, 0.5, 2.2), 66), "anchor": ((-57.5, 7.2, 1.65), (-58, 12, 0), 70), "stele": ((62.2, -7.0, 1.65), (65, -13, 1.5), 62),
    "street": ((72.4, -30, 1.65), (71, 20, 2.5), 66), "river": ((-43, -24, -12.3), (22, 0, -3), 66), "over": ((-105, -95, 62), (8, 0, -5), 58),
    "square": ((72, 2, 1.65), (50, -0.5, 2.8), 66), "plan": ((0, -1, 230), (0, 0, 0), 50), "up": ((-52, -20, -2), (-54, 0, 4), 55),
}
SKIP = {"1935": "deck-today", "today": "deck-1935"}


def _material(material):
    """Give an imported material its texture files, the vertex colour multiplied in."""
    tree = material.node_tree
    shader = next(n for n in tree.nodes if n.type == "BSDF_PRINCIPLED")
    name = material.name.split(".")[0]
    base = SITE / "textures" / f"{name}_base.webp"
    if not base.exists():
        return
    image = tree.nodes.new("ShaderNodeTexImage")
    image.image = bpy.data.images.load(str(base), check_existing=True)
    colour = tree.nodes.new("ShaderNodeVertexColor")
    product = tree.nodes.new("ShaderNodeMix")
    product.data_type, product.blend_type = "RGBA", "MULTIPLY"
    product.inputs[0].default_value = 1.0
    tree.links.new(image.outputs[0], product.inputs[6])
    tree.links.new(colour.outputs[0], product.inputs[7])
    tree.links.new(product.outputs[2], shader.inputs["Base Color"])
    normal = SITE / "textures" / f"{name}_normal.webp"
    if normal.exists():
        bump, bent = tree.nodes.new("ShaderNodeTexImage"), tree.nodes.new("ShaderNodeNormalMap")
        bump.image = bpy.data.images.load(str(normal), check_existing=True)
        bump.image.colorspace_settings.name = "Non-Color"
        tree.links.new(bump.outputs[0], bent.inputs["Color"])
        tree.links.new(bent.outputs[0], shader.inputs["Normal"])


def _chains(link):
    """Thirteen chains of one link mesh, every other link turned a quarter."""
    lines = [(n, 0.0) for n in DECK_NORTHS_M] + RAILS
    for north, over in lines:
        for k in range(int(SPAN_M / PITCH_M)):
            east = -HALF_M + (k + 0.5) * PITCH_M
            slope = math.atan2(deck_up_m(east + 0.05) - deck_up_m(east - 0.05), 0.1)
            copy = bpy.data.objects.new("link", link)
            copy.matrix_world = (Matrix.Translation((east, north, deck_up_m(east) + over)) @ Matrix.Rotation(-slope, 4, "Y")
                                 @ Matrix.Rotation(math.pi / 4 + (k % 2) * math.pi / 2, 4, "X"))
            bpy.context.collection.objects.link(copy)


def _water():
    """A broken, greenish river."""
    bpy.ops.mesh.primitive_plane_add(size=5000, location=(0, 0, WATER_UP_M))
    material = bpy.data.materials.new("river")
    material.use_nodes = True
    tree = material.node_tree
    shader = next(n for n in tree.nodes if n.type == "BSDF_PRINCIPLED")
    shader.inputs["Base Color"].default_value = (0.105, 0.135, 0.12, 1)
    shader.inputs["Roughness"].default_value = 0.12
    where, noise, bump = (tree.nodes.new(k) for k in ("ShaderNodeTexCoord", "ShaderNodeTexNoise", "ShaderNodeBump"))
    noise.inputs["Scale"].default_value, noise.inputs["Detail"].default_value = 0.35, 8
    bump.inputs["Strength"].default_value, bump.inputs["Distance"].default_value = 0.5, 0.6
    tree.links.new(where.outputs["Object"], noise.inputs["Vector"])
    tree.links.new(noise.outputs[0], bump.inputs["Height"])
    tree.links.new(bump.outputs[0], shader.inputs["Normal"])
    bpy.context.object.data.materials.append(material)


def _sky(scene):
    world = bpy.data.worlds.new("sky")
    scene.world = world
    world.use_nodes = True
    tree = world.node_tree
    background = next(n for n in tree.nodes if n.type == "BACKGROUND")
    background.inputs[0].default_value = (0.60, 0.68, 0.76, 1)
    background.inputs[1].default_value = 0.9
    sun = bpy.data.objects.new("sun", bpy.data.lights.new("sun", "SUN"))
    sun.data.energy, sun.data.angle, sun.data.color = 3.2, math.radians(1.5), (1.0, 0.93, 0.82)
    # A forenoon sun from the south-east, high enough to reach into the gorge.
    sun.rotation_euler = Vector((-0.55, 0.62, -0.95)).to_track_quat("-Z", "Y").to_euler()
    bpy.context.collection.objects.link(sun)


def shot(view, out, era="today", width=1280, samples=32):
    """Render one view to a PNG."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    for path in sorted((SITE / "models").glob("*.glb")):
        if path.stem != SKIP[era]:
            bpy.ops.import_scene.gltf(filepath=str(path))
    for material in list(bpy.data.materials):
        _material(material)
    link = next(o for o in bpy.data.objects if o.name.startswith("link-0")).data
    for o in [o for o in bpy.data.objects if o.name.startswith("link-")]:
        bpy.data.objects.remove(o)
    _chains(link)
    _water()
    _sky(scene)
    eye, aim, across = VIEWS[view]
    camera = bpy.data.objects.new("eye", bpy.data.cameras.new("eye"))
    camera.location, camera.data.angle, camera.data.clip_end = eye, math.radians(across), 6000
    camera.rotation_euler = (Vector(aim) - Vector(eye)).to_track_quat("-Z", "Y").to_euler()
    bpy.context.collection.objects.link(camera)
    scene.camera, scene.render.engine = camera, "CYCLES"
    scene.cycles.samples, scene.cycles.use_denoising, scene.cycles.max_bounces = samples, True, 4
    scene.render.resolution_x, scene.render.resolution_y = width, width * 9 // 16
    scene.view_settings.view_transform, scene.view_settings.exposure = "AgX", 0.35
    scene.view_settings.look = "AgX - Medium High Contrast"
    scene.render.filepath = str(out)
    scene.render.image_settings.file_format = "PNG"
    bpy.ops.render.render(write_still=True)


if __name__ == "__main__":
    arguments = sys.argv[1:]
    shot(arguments[0], arguments[1], arguments[2] if len(arguments) > 2 else "today",
         *(int(a) for a in arguments[3:5]))
