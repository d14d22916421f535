// Reading and writing GLB files: as much of glTF 2.0 as the site's models use.
import { readFileSync } from 'node:fs';

const [MAGIC, JSON_CHUNK, BIN_CHUNK] = [0x46546c67, 0x4e4f534a, 0x004e4942];
const ARRAYS = { 5121: Uint8Array, 5123: Uint16Array, 5125: Uint32Array, 5126: Float32Array };
const WIDTHS = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4 };
const [ARRAY_BUFFER, ELEMENT_ARRAY_BUFFER] = [34962, 34963];

/** The parts of a model file: `[{ name, material, mesh }]`, a mesh being `{ attributes: { POSITION: { array, width, normalized }, … }, indices }`. */
export function partsOf(path) {
  const file = readFileSync(path);
  const length = file.readUInt32LE(12);
  const json = JSON.parse(file.subarray(20, 20 + length));
  const bin = file.subarray(28 + length);
  const read = (index) => {
    const { bufferView, byteOffset = 0, componentType, count, type, normalized = false } = json.accessors[index];
    const view = json.bufferViews[bufferView];
    if (view.byteStride) throw new Error(`${path}: interleaved vertices are not read here`);
    const from = bin.byteOffset + (view.byteOffset ?? 0) + byteOffset;
    const bytes = bin.buffer.slice(from, from + count * WIDTHS[type] * ARRAYS[componentType].BYTES_PER_ELEMENT);
    return { array: new ARRAYS[componentType](bytes), width: WIDTHS[type], normalized };
  };
  return json.nodes.flatMap((node) => {
    if (node.matrix || node.rotation || node.translation || node.scale) throw new Error(`${path}: ${node.name} is moved, which is not read here`);
    return json.meshes[node.mesh].primitives.map((primitive) => ({
      name: node.name,
      material: json.materials[primitive.material].name,
      mesh: {
        attributes: Object.fromEntries(Object.entries(primitive.attributes).map(([name, index]) => [name, read(index)])),
        indices: read(primitive.indices).array,
      },
    }));
  });
}

/** A GLB under way. */
export class Glb {
  #chunks = [];
  #bytes = 0;
  #meshes = new Map();
  json = {
    asset: { version: '2.0', generator: 'retrace peers' }, scene: 0, scenes: [{ nodes: [] }],
    nodes: [], meshes: [], materials: [], accessors: [], bufferViews: [], buffers: [],
  };

  use(extension) {
    this.json.extensionsUsed = [...new Set([...(this.json.extensionsUsed ?? []), extension])];
  }

  #view(array, target) {
    const bytes = Buffer.from(array.buffer, array.byteOffset, array.byteLength);
    const padding = Buffer.alloc((4 - (bytes.length % 4)) % 4);
    this.json.bufferViews.push({ buffer: 0, byteOffset: this.#bytes, byteLength: bytes.length, ...(target && { target }) });
    this.#chunks.push(bytes, padding);
    this.#bytes += bytes.length + padding.length;
    return this.json.bufferViews.length - 1;
  }

  accessor(array, width, { target = ARRAY_BUFFER, normalized = false, bounds = false } = {}) {
    const componentType = Number(Object.keys(ARRAYS).find((key) => array instanceof ARRAYS[key]));
    const type = Object.keys(WIDTHS).find((key) => WIDTHS[key] === width);
    const accessor = { bufferView: this.#view(array, target), componentType, count: array.length / width, type, ...(normalized && { normalized }) };
    if (bounds) {
      const axis = (of, how) => array.filter((_, at) => at % width === of).reduce((a, b) => how(a, b));
      accessor.min = [...Array(width).keys()].map((of) => axis(of, Math.min));
      accessor.max = [...Array(width).keys()].map((of) => axis(of, Math.max));
    }
    this.json.accessors.push(accessor);
    return this.json.accessors.length - 1;
  }

  /** The number of a mesh in a material; the same mesh is written once. */
  mesh(mesh, material) {
    const known = this.#meshes.get(mesh);
    if (known !== undefined) return known;
    const attributes = Object.fromEntries(Object.entries(mesh.attributes).map(([name, { array, width, normalized }]) =>
      [name, this.accessor(array, width, { normalized, bounds: name === 'POSITION' })]));
    const indices = this.accessor(mesh.indices, 1, { target: ELEMENT_ARRAY_BUFFER });
    this.json.meshes.push({ primitives: [{ attributes, indices, material }] });
    this.#meshes.set(mesh, this.json.meshes.length - 1);
    return this.json.meshes.length - 1;
  }

  node(node) {
    this.json.nodes.push(node);
    this.json.scenes[0].nodes.push(this.json.nodes.length - 1);
  }

  /** One mesh at many places, `[{ translation, rotation, scale }]`, in one node (`EXT_mesh_gpu_instancing`). */
  instances(node, places) {
    this.use('EXT_mesh_gpu_instancing');
    const all = (key, width) => this.accessor(new Float32Array(places.flatMap((place) => place[key])), width, { target: undefined });
    const attributes = { TRANSLATION: all('translation', 3), ROTATION: all('rotation', 4), SCALE: all('scale', 3) };
    this.node({ ...node, extensions: { EXT_mesh_gpu_instancing: { attributes } } });
  }

  bytes() {
    const padded = (bytes, fill) => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4, fill)]);
    const bin = Buffer.concat(this.#chunks);
    this.json.buffers = [{ byteLength: bin.length }];
    const json = padded(Buffer.from(JSON.stringify(this.json)), 0x20);
    const head = Buffer.alloc(20), between = Buffer.alloc(8);
    [MAGIC, 2, 28 + json.length + bin.length, json.length, JSON_CHUNK].forEach((word, at) => head.writeUInt32LE(word, at * 4));
    [bin.length, BIN_CHUNK].forEach((word, at) => between.writeUInt32LE(word, at * 4));
    return Buffer.concat([head, json, between, bin]);
  }
}
