"""Plain glTF 2.0 binary files: floats, no textures, no extension; one node for each part, tagged with its evidence."""

import json
import struct

import numpy as np


def engine_from_site(p):
    """East, north, up to the engine's x east, y up, z south."""
    return np.stack([p[..., 0], p[..., 2], -p[..., 1]], -1)


def _grain(values, steps):
    """Rounded to a power of two, so that unused bits are zero and the file packs well."""
    return np.round(np.asarray(values) * steps) / steps


def packed(part, openness, position_steps):
    """Arrays of one primitive with equal corners shared: positions, normals, uvs, colours, indices."""
    points, normals, uvs, tints, triangles = part.arrays()
    # The format counts v downward. Coordinates are moved whole repeats toward zero, where a float is finest.
    uvs = uvs * (1, -1)
    uvs = uvs - np.floor(uvs.mean(0))
    rgba = np.clip(np.concatenate([tints[:, :3] * openness[:, None], tints[:, 3:]], 1), 0, 1)
    rgba = (np.round(rgba * 255 / 4) * 4).clip(0, 255)
    table = np.concatenate([_grain(engine_from_site(points), position_steps), _grain(engine_from_site(normals), 128),
                            _grain(uvs, 128), rgba], 1)
    _, first, back = np.unique(table, axis=0, return_index=True, return_inverse=True)
    back = back.ravel()
    # Corners keep the order in which they were made: neighbours in space stay neighbours in the file.
    order = np.argsort(first, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    table, index = table[first[order]], rank[back][triangles]
    index = index[(index[:, 0] != index[:, 1]) & (index[:, 1] != index[:, 2]) & (index[:, 0] != index[:, 2])]
    normal = table[:, 3:6] / np.linalg.norm(table[:, 3:6], axis=1, keepdims=True)
    # Cutting the mantissa to eleven bits keeps the length within the format's tolerance and packs like an integer.
    normal = (normal.astype("<f4").view("<u4") + 0x800 & 0xFFFFF000).view("<f4")
    return table[:, 0:3], normal, table[:, 6:8], table[:, 8:12], index


def write(path, nodes):
    """Write nodes of (name, extras, material, roughness, metallic, arrays) to one GLB file; returns its triangles."""
    views, accessors, meshes, out_nodes, materials, blob = [], [], [], [], [], bytearray()
    drawn = 0

    def accessor(data, kind, component, target, **more):
        views.append({"buffer": 0, "byteOffset": len(blob), "byteLength": data.nbytes, "target": target})
        blob.extend(data.tobytes() + b"\0" * (-data.nbytes % 4))
        accessors.append({"bufferView": len(views) - 1, "componentType": component, "count": len(data), "type": kind, **more})
        return len(accessors) - 1

    for name, extras, material, roughness, metallic, (p, n, uv, rgba, index) in nodes:
        p, n, uv = (np.ascontiguousarray(a, "<f4") for a in (p, n, uv))
        wide = len(p) > 65535
        flat = np.ascontiguousarray(index.ravel(), "<u4" if wide else "<u2")
        look = {"name": material, "pbrMetallicRoughness": {"roughnessFactor": roughness, "metallicFactor": metallic}}
        if look not in materials:
            materials.append(look)
        attributes = {
            "POSITION": accessor(p, "VEC3", 5126, 34962, min=p.min(0).tolist(), max=p.max(0).tolist()),
            "NORMAL": accessor(n, "VEC3", 5126, 34962),
            "TEXCOORD_0": accessor(uv, "VEC2", 5126, 34962),
            "COLOR_0": accessor(np.ascontiguousarray(rgba, "u1"), "VEC4", 5121, 34962, normalized=True),
        }
        indices = accessor(flat, "SCALAR", 5125 if wide else 5123, 34963)
        meshes.append({"name": name, "primitives": [{"attributes": attributes, "indices": indices, "material": materials.index(look)}]})
        out_nodes.append({"name": name, "mesh": len(meshes) - 1, "extras": extras})
        drawn += len(index)
    document = {
        "asset": {"version": "2.0", "generator": "Retrace workshop"}, "scene": 0,
        "scenes": [{"nodes": list(range(len(out_nodes)))}], "nodes": out_nodes, "meshes": meshes, "materials": materials,
        "accessors": accessors, "bufferViews": views, "buffers": [{"byteLength": len(blob)}],
    }
    text = json.dumps(document, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    size = 28 + len(text) + len(blob)
    path.write_bytes(struct.pack("<4sII", b"glTF", 2, size) + struct.pack("<I4s", len(text), b"JSON") + text
                     + struct.pack("<I4s", len(blob), b"BIN\0") + bytes(blob))
    return drawn
