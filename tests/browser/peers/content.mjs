// The scene as glTF, for peers that load glTF: made from the very models, textures, layout and light of the site.
//
// The same: meshes, vertex colours with their baked light, base textures and normal maps (the very files), placement of the
// chains, levels of detail that the scene shows at the middle tier from where the bench stands, the river's plane, as
// many tufts of grass on the same soil, sun, what casts shadows, canvas, smoothing and shadow map.
// Not the same: our shaders. Peers light by their own physically based ones, under the same sun and sky colours; the sky
// is a plain colour, the river a plain surface without waves, mist a plain fog, land one layer of its texture in place of
// three, and the marks of the stations are left out. The planks and iron of 1935, which today's view hides, are left out.
import { join } from 'node:path';
import { chainsOf } from './chains.mjs';
import { Glb, partsOf } from './glb.mjs';
import { grass, pieces, river } from './shapes.mjs';

/** Colour where there is no texture, roughness and faces, by material (finish.rs). */
const FINISHES = {
  stone: [[0x78, 0x74, 0x6b], 0.82], redstone: [[0x86, 0x5a, 0x4c], 0.75], rock: [[0x9a, 0x94, 0x8a], 0.95],
  timber: [[0x6a, 0x5c, 0x4c], 0.78], tile: [[0x4e, 0x51, 0x53], 0.7], plaster: [[0xae, 0xa4, 0x92], 0.95],
  iron: [[0x42, 0x3e, 0x3c], 0.52, true], foliage: [[0x4b, 0x5a, 0x3a], 0.92, true], grass: [[0x7c, 0x80, 0x50], 0.95, true],
  water: [[0x2a, 0x3c, 0x3b], 0.6],
};
const linear = (code) => (code / 255 <= 0.04045 ? code / 255 / 12.92 : ((code / 255 + 0.055) / 1.055) ** 2.4);
/** `casts_shadow` of models.rs. */
const UNSHADED = ['rock', 'grass', 'iron', 'foliage', 'water'];
const casts = (material, level) => !UNSHADED.includes(material) && (material === 'timber' ? level === 0 : level < 2);

/** The sheet of land says how much lighter or darker a spot is than the colour: half is even. */
const LAND_GAIN = 2;

class Scene {
  #glb = new Glb();
  #materials = new Map();

  constructor(textures, { normals, light }) {
    Object.assign(this, { textures, normals });
    if (light) this.#sun(light);
  }

  /** model-viewer has no other way to a sun than the file. */
  #sun({ direction, sun }) {
    const [x, y, z] = direction;
    // The light shines along −z: turned about the axis between that and where it goes.
    const axis = [-y, x, 0], w = 1 + z, long = Math.hypot(...axis, w);
    const strength = Math.max(...sun);
    this.#glb.use('KHR_lights_punctual');
    this.#glb.json.extensions = { KHR_lights_punctual: { lights: [{ type: 'directional', color: sun.map((part) => part / strength), intensity: strength * Math.PI }] } };
    this.#glb.node({ name: 'sun', rotation: [axis[0] / long, axis[1] / long, 0, w / long], extensions: { KHR_lights_punctual: { light: 0 } } });
  }

  #texture(file) {
    const { json } = this.#glb;
    json.samplers ??= [{ magFilter: 9729, minFilter: 9987, wrapS: 10497, wrapT: 10497 }];
    json.images ??= [];
    json.textures ??= [];
    this.#glb.use('EXT_texture_webp');
    json.images.push({ uri: `${this.textures.root}${file}`, mimeType: 'image/webp' });
    json.textures.push({ sampler: 0, extensions: { EXT_texture_webp: { source: json.images.length - 1 } } });
    return { index: json.textures.length - 1 };
  }

  #material(name) {
    if (!this.#materials.has(name)) {
      const [srgb, roughnessFactor, doubleSided = false] = FINISHES[name];
      const there = (kind) => this.textures.files.includes(`${name}_${kind}.webp`);
      const tint = srgb.map((code) => (name === 'rock' ? Math.min(1, linear(code) * LAND_GAIN) : there('base') ? 1 : linear(code)));
      const material = {
        name, doubleSided,
        pbrMetallicRoughness: { baseColorFactor: [...tint, 1], metallicFactor: 0, roughnessFactor, ...(there('base') && { baseColorTexture: this.#texture(`${name}_base.webp`) }) },
        ...(this.normals && there('normal') && { normalTexture: this.#texture(`${name}_normal.webp`) }),
        ...(name === 'foliage' && { alphaMode: 'MASK', alphaCutoff: 0.42 }),
      };
      this.#glb.json.materials.push(material);
      this.#materials.set(name, this.#glb.json.materials.length - 1);
    }
    return this.#materials.get(name);
  }

  /** A mesh where it lies, or at many places; `casts-` at the head of a name says that it throws a shadow. */
  add({ name, material, level = 0, mesh, places }, { instanced = true } = {}) {
    const node = { name: `${casts(material, level) ? 'casts-' : ''}${name}`, mesh: this.#glb.mesh(mesh, this.#material(material)) };
    if (!places) this.#glb.node(node);
    else if (instanced) this.#glb.instances(node, places);
    else places.forEach((place) => this.#glb.node({ ...node, ...place }));
  }

  bytes() {
    return this.#glb.bytes();
  }
}

/**
 * All scenes that peers load, as GLB files by name, with what each holds: `{ bytes, meshes, triangles, instances }`.
 * `first` and `rest` are the two steps in which ours loads, too; `built` is all of it as our build and scene prepare it;
 * `source` is all of it as it lies in the sources, every link a node; `instanced` the same with the links as instances.
 * Names with `viewer-` have the sun in them.
 */
export function scenesOf({ site, models, root, light, views }) {
  const { scene } = site;
  const parts = scene.models.filter(({ era, file }) => era !== '1935' && file !== 'link.glb').flatMap(({ file, level }) =>
    partsOf(join(models, file)).map((part) => ({ ...part, level })));
  const links = partsOf(join(models, 'link.glb')).map(({ mesh }) => mesh);
  const water = { name: 'river', material: 'water', mesh: river(scene.water_up_m) };
  const hung = (eye) => chainsOf(scene.chains, links, eye);
  const chains = (eye) => hung(eye).built.map((shape, at) => ({ ...shape, name: `chains-${at}`, material: 'iron' }));
  const tufts = () => grass(parts.filter(({ material }) => material === 'rock').map(({ mesh }) => mesh), site)
    .map((mesh, at) => ({ name: `grass-${at}`, material: 'grass', mesh, level: 1 }));
  const cut = (part) => pieces(part.mesh).map((mesh, at) => ({ ...part, mesh, name: `${part.name}-${at}` }));
  const whole = [...parts, water, ...tufts()];
  const everyLink = { ...hung(views.station).links, name: 'link', material: 'iron' };
  const first = [...parts.filter(({ level }) => level === 0), water, ...chains(views.first)];
  const kinds = {
    first: { things: first, normals: false },
    rest: { things: [...parts.filter(({ level }) => level > 0), ...tufts()], normals: true },
    built: { things: [...whole.flatMap(cut), ...chains(views.station)], normals: true },
    source: { things: [...whole, everyLink], normals: true, instanced: false },
    instanced: { things: [...whole, everyLink], normals: true },
  };
  const scenes = {};
  for (const [name, { things, normals, instanced }] of Object.entries(kinds)) {
    for (const lit of [false, true]) {
      const made = new Scene({ files: scene.textures, root }, { normals, light: lit && light });
      things.forEach((thing) => made.add(thing, { instanced }));
      const sum = (how) => things.reduce((total, thing) => total + how(thing), 0);
      scenes[`${lit ? 'viewer-' : ''}${name}`] = {
        bytes: made.bytes(), meshes: sum(({ places }) => (places && instanced === false ? places.length : 1)),
        triangles: sum(({ mesh, places }) => (mesh.indices.length / 3) * (places?.length ?? 1)),
      };
    }
  }
  return scenes;
}
