"""Renders the built files from chosen viewpoints, to judge them and for the poster: `python -m models.poster VIEW,… FOLDER ERA WIDTH SAMPLES`."""

import math
import sys
from pathlib import Path

import bpy
from mathutils import Matrix, Vector

from .measures import DECK_NORTHS_M, HALF_M, PITCH_M, RAILS, SPAN_M, WATER_UP_M, deck_up_m

SITE = Path(__file__).resolve().parents[2] / "sites" / "luding"
# Eye and aim, east-north-up, and the field of view across.
VIEWS = {
    "entry": ((-55.8, -20, 1.65), (-29.4, -2.2, 1.3), 73), "poster": ((-57.5, -25.5, 2.2), (12, 0, -0.5), 58),
    "mid": ((6, 0, deck_up_m(6) + 1.75), (52, 0.2, 1.5), 62), "west": ((-40, 0.3, deck_up_m(-40) + 1.75), (-55, 0, 3.2), 66),
    "bank": ((-72, -4, 1.65), (-50, 0.5, 2.2), 66), "anchor": ((-57.5, 7.2, 1.65), (-58, 12, 0), 70), "stele": ((62.2, -7.0, 1.65), (65, -13, 1.5), 62),
    "street": ((72.4, -30, 1.65), (71, 20, 2.5), 66), "river": ((-43, -24, -12.3), (22, 0, -3), 66), "over": ((-105, -95, 62), (8, 0, -5), 58),
    "square": ((72, 2, 1.65), (50, -0.5, 2.8), 66), "plan": ((0, -1, 230), (0, 0, 0), 50), "up": ((-52, -20, -2), (-54, 0, 4), 55),
}
SKY = (0.58, 0.67, 0.76, 1)
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
    _haze(tree, shader)
    normal = SITE / "textures" / f"{name}_normal.webp"
    if normal.exists():
        bump, bent = tree.nodes.new("ShaderNodeTexImage"), tree.nodes.new("ShaderNodeNormalMap")
        bump.image = bpy.data.images.load(str(normal), check_existing=True)
        bump.image.colorspace_settings.name = "Non-Color"
        tree.links.new(bump.outputs[0], bent.inputs["Color"])
        tree.links.new(bent.outputs[0], shader.inputs["Normal"])


def _haze(tree, shader):
    """Air between near and far: surfaces go over into the sky with distance."""
    output = next(n for n in tree.nodes if n.type == "OUTPUT_MATERIAL")
    view, far, air, both = (tree.nodes.new(k) for k in ("ShaderNodeCameraData", "ShaderNodeMapRange", "ShaderNodeEmission", "ShaderNodeMixShader"))
    far.inputs["From Min"].default_value, far.inputs["From Max"].default_value, far.inputs["To Max"].default_value = 60, 2600, 0.72
    air.inputs[0].default_value, air.inputs[1].default_value = SKY, 0.85
    tree.links.new(view.outputs["View Distance"], far.inputs["Value"])
    tree.links.new(far.outputs[0], both.inputs[0])
    tree.links.new(shader.outputs[0], both.inputs[1])
    tree.links.new(air.outputs[0], both.inputs[2])
    tree.links.new(both.outputs[0], output.inputs["Surface"])


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
    background.inputs[0].default_value = SKY
    background.inputs[1].default_value = 0.8
    sun = bpy.data.objects.new("sun", bpy.data.lights.new("sun", "SUN"))
    sun.data.energy, sun.data.angle, sun.data.color = 4.6, math.radians(1.5), (1.0, 0.93, 0.82)
    # An afternoon sun from the south-west, high enough to reach into the gorge.
    sun.rotation_euler = Vector((0.55, 0.5, -0.85)).to_track_quat("-Z", "Y").to_euler()
    bpy.context.collection.objects.link(sun)


def prepare(era):
    """An empty scene filled with everything shown in this era."""
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
    scene.camera = bpy.data.objects.new("eye", bpy.data.cameras.new("eye"))
    bpy.context.collection.objects.link(scene.camera)
    scene.render.engine, scene.render.use_persistent_data = "CYCLES", True
    scene.cycles.use_denoising, scene.cycles.max_bounces = True, 4
    scene.view_settings.view_transform, scene.view_settings.look = "AgX", "AgX - Medium High Contrast"
    scene.view_settings.exposure = 0.35
    scene.render.image_settings.file_format = "PNG"
    return scene


def shot(scene, view, out, width, samples):
    """Render one view to a PNG."""
    eye, aim, across = VIEWS[view]
    scene.camera.location, scene.camera.data.angle, scene.camera.data.clip_end = eye, math.radians(across), 6000
    scene.camera.rotation_euler = (Vector(aim) - Vector(eye)).to_track_quat("-Z", "Y").to_euler()
    scene.cycles.samples, scene.render.filepath = samples, str(out)
    scene.render.resolution_x, scene.render.resolution_y = width, width * 9 // 16
    bpy.ops.render.render(write_still=True)


if __name__ == "__main__":
    views, folder, state, across_px, rays = (sys.argv[1:] + ["entry", ".", "today", "640", "8"][len(sys.argv) - 1:])[:5]
    stage = prepare(state)
    for name in views.split(","):
        shot(stage, name, Path(folder) / f"{name}-{state}.png", int(across_px), int(rays))
