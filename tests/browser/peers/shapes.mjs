// Shapes that the scene makes at run time and a peer is given ready: pieces of large meshes, grass, the river's surface.

/** `cells.rs`: from when on a mesh is cut, and into how many pieces. */
const [WHOLE_TRIANGLES, WHOLE_M, PIECE_TRIANGLES, MOST_ALONG] = [1400, 60, 1600, 3];

const corner = ({ array }, index) => [array[index * 3], array[index * 3 + 1], array[index * 3 + 2]];

function picked(mesh, corners) {
  const used = [...new Set(corners)];
  const place = new Map(used.map((index, at) => [index, at]));
  const attributes = Object.fromEntries(Object.entries(mesh.attributes).map(([name, given]) => {
    const array = new given.array.constructor(used.length * given.width);
    used.forEach((index, at) => array.set(given.array.subarray(index * given.width, (index + 1) * given.width), at * given.width));
    return [name, { ...given, array }];
  }));
  const indices = corners.map((index) => place.get(index));
  return { attributes, indices: used.length < 65536 ? new Uint16Array(indices) : new Uint32Array(indices) };
}

/** The pieces that `cells.rs` cuts a mesh into; the mesh alone where it stays whole. */
export function pieces(mesh) {
  const places = mesh.attributes.POSITION;
  const triangles = mesh.indices.length / 3;
  const low = [Infinity, Infinity], high = [-Infinity, -Infinity];
  for (let index = 0; index < places.array.length; index += 3) {
    [places.array[index], places.array[index + 2]].forEach((x, axis) => {
      low[axis] = Math.min(low[axis], x);
      high[axis] = Math.max(high[axis], x);
    });
  }
  const size = high.map((x, axis) => x - low[axis]);
  if (triangles < WHOLE_TRIANGLES || Math.max(...size) < WHOLE_M) return [mesh];
  const wanted = Math.max(2, Math.floor(triangles / PIECE_TRIANGLES));
  const count = (own, other) => Math.min(MOST_ALONG, Math.max(1, Math.round(Math.sqrt((wanted * own) / Math.max(other, 0.01)))));
  const [across, along] = [count(size[0], size[1]), count(size[1], size[0])];
  const cells = Array.from({ length: across * along }, () => []);
  for (let at = 0; at < mesh.indices.length; at += 3) {
    const corners = [...mesh.indices.subarray(at, at + 3)];
    const middle = [0, 2].map((axis) => corners.reduce((sum, index) => sum + corner(places, index)[axis], 0) / 3);
    const [x, y] = [across, along].map((many, axis) => Math.min(many - 1, Math.max(0, Math.floor(((middle[axis] - low[axis]) / size[axis]) * many))));
    cells[y * across + x].push(...corners);
  }
  return cells.filter((cell) => cell.length).map((cell) => picked(mesh, cell));
}

/** `grass.rs`, middle tier. */
const GRASS = { reachM: 34, overWaterM: 4, leastUp: 0.74, mostRock: 0.5, vergeM: 0.5, blades: 7, perM2: 0.7, most: 3000 };

/** The same numbers at each build; which ones they are makes no difference to what they cost. */
function chances(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 747796405) + 2891336453) >>> 0;
    const word = Math.imul((state >>> ((state >>> 28) + 4)) ^ state, 277803737) >>> 0;
    return (((word >>> 22) ^ word) >>> 0) / 0xffffffff;
  };
}

/** Whether a place lies on a floor that is paved or built; engine plan, z points south. */
function paved(floors, x, z) {
  return floors.some(({ corners, soil }) => !soil && corners.every((from, at) => {
    const to = corners[(at + 1) % corners.length];
    const along = [to.east_m - from.east_m, from.north_m - to.north_m], long = Math.hypot(...along);
    return (along[0] * (z + from.north_m) - along[1] * (x - from.east_m)) / long <= GRASS.vergeM;
  }));
}

/** Tufts on level soil near the stations, one mesh for each bank. */
export function grass(land, { stations, scene }) {
  const near = (x, z, more) => stations.some(({ position: { east_m: east, north_m: north } }) => Math.hypot(x - east, z + north) <= GRASS.reachM + more);
  const chance = chances(1);
  const roots = [];
  for (const { attributes: { POSITION: places, COLOR_0: shades }, indices } of land) {
    for (let at = 0; at < indices.length; at += 3) {
      const index = [...indices.subarray(at, at + 3)];
      const [a, b, c] = index.map((one) => corner(places, one));
      const rock = index.map((one) => shades.array[one * 4 + 3] / 255);
      const [u, v] = [b, c].map((to) => to.map((x, axis) => x - a[axis]));
      const normal = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
      const area = Math.hypot(...normal) / 2;
      const half = Math.max(...[a, b, c].map(([x, , z]) => Math.hypot(x - a[0], z - a[2])));
      if (normal[1] < GRASS.leastUp * 2 * area || Math.min(...rock) > GRASS.mostRock || !near(a[0], a[2], half)) continue;
      for (let left = area * GRASS.perM2; left > 0; left -= 1) {
        if (left < 1 && chance() >= left) break;
        let [s, t] = [chance(), chance()];
        if (s + t > 1) [s, t] = [1 - s, 1 - t];
        const root = a.map((x, axis) => x + u[axis] * s + v[axis] * t);
        const rocky = rock[0] + (rock[1] - rock[0]) * s + (rock[2] - rock[0]) * t;
        const bare = rocky >= GRASS.mostRock || root[1] < scene.water_up_m + GRASS.overWaterM || !near(root[0], root[2], 0) || paved(scene.floors, root[0], root[2]);
        if (!bare) roots.push(root);
      }
    }
  }
  const step = Math.max(1, Math.ceil(roots.length / GRASS.most));
  const kept = roots.filter((_, at) => at % step === 0);
  return [kept.filter(([x]) => x < 0), kept.filter(([x]) => x >= 0)].filter((bank) => bank.length).map((bank) => blades(bank, chance));
}

function blades(roots, chance) {
  const [places, normals, shades] = [[], [], []];
  for (const root of roots) {
    const high = 0.16 + 0.26 * chance(), dry = chance();
    for (let blade = 0; blade < GRASS.blades; blade += 1) {
      const turn = (2 * Math.PI * (blade + chance())) / GRASS.blades;
      const out = [Math.cos(turn), 0, Math.sin(turn)];
      const wide = 0.014 + 0.012 * chance(), off = 0.02 + 0.07 * chance(), lean = high * (0.15 + 0.6 * chance());
      const foot = root.map((x, axis) => x + out[axis] * off - (axis === 1 ? 0.03 : 0));
      const aside = [-out[2] * wide, 0, out[0] * wide];
      places.push(...foot.map((x, axis) => x - aside[axis]), ...foot.map((x, axis) => x + aside[axis]), ...foot.map((x, axis) => x + out[axis] * lean + (axis === 1 ? high : 0)));
      for (const share of [0.5, 0.5, 1.1]) {
        normals.push(out[0] * 0.243, 0.97, out[2] * 0.243);
        const tone = [[0.62, 1.15], [0.74, 0.98], [0.42, 0.62]].map(([green, straw]) => Math.min(1, (green + (straw - green) * dry) * share));
        shades.push(...tone.map((x) => Math.round(x * 255)), 255);
      }
    }
  }
  const count = places.length / 3;
  return {
    attributes: {
      POSITION: { array: new Float32Array(places), width: 3 }, NORMAL: { array: new Float32Array(normals), width: 3 },
      COLOR_0: { array: new Uint8Array(shades), width: 4, normalized: true },
    },
    indices: Uint32Array.from({ length: count }, (_, at) => at),
  };
}

/** The river's plane: 520 by 2800 m in seven by seven fields, as `river.rs` lays it. */
export function river(up) {
  const [halfWide, halfLong, fields] = [260, 1400, 7];
  const [places, normals, uvs, indices] = [[], [], [], []];
  for (let z = 0; z <= fields; z += 1) {
    for (let x = 0; x <= fields; x += 1) {
      places.push(((x / fields) * 2 - 1) * halfWide, up, ((z / fields) * 2 - 1) * halfLong);
      normals.push(0, 1, 0);
      uvs.push(x / fields, z / fields);
      if (x === fields || z === fields) continue;
      const [a, b] = [z * (fields + 1) + x, (z + 1) * (fields + 1) + x];
      indices.push(a, b, a + 1, a + 1, b, b + 1);
    }
  }
  return {
    attributes: {
      POSITION: { array: new Float32Array(places), width: 3 }, NORMAL: { array: new Float32Array(normals), width: 3 },
      TEXCOORD_0: { array: new Float32Array(uvs), width: 2 },
    },
    indices: new Uint16Array(indices),
  };
}
