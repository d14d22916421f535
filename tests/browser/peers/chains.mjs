// The thirteen chains as src/companion/chains lays them: runs of 24 links near by, stretches of four runs further off,
// rods beyond. Chosen once, from the middle of the bench's camera path, at the middle tier; the scene chooses as one goes.
const RUN_LINKS = 24;
const RUNS_PER_STRETCH = 4;
const INTO_ABUTMENT_M = 2;
/** `reaches_m` and `links_until_m` of the middle tier. */
const REACHES_M = [0, 2, 7, 20];
const LINKS_UNTIL_M = 40;

const imul = Math.imul;

/** A fixed number from 0 to 1 for each seed, as in run.rs. */
function noise(seed) {
  let bits = (imul(seed, 0x9e3779b9) ^ 0x7f4a7c15) >>> 0;
  bits = imul(bits ^ (bits >>> 16), 0x85ebca6b) >>> 0;
  bits = imul(bits ^ (bits >>> 13), 0xc2b2ae35) >>> 0;
  return ((bits ^ (bits >>> 16)) >>> 8) / (1 << 24);
}

const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
const times = ([ax, ay, az, aw], [bx, by, bz, bw]) => [
  aw * bx + ax * bw + ay * bz - az * by, aw * by - ax * bz + ay * bw + az * bx, aw * bz + ax * by - ay * bx + az * bw, aw * bw - ax * bx - ay * by - az * bz,
];
const aboutX = (angle) => [Math.sin(angle / 2), 0, 0, Math.cos(angle / 2)];
const aboutZ = (angle) => [0, 0, Math.sin(angle / 2), Math.cos(angle / 2)];
function turned(q, v) {
  const t = cross(q, v).map((x) => 2 * x);
  const u = cross(q, t);
  return v.map((x, axis) => x + q[3] * t[axis] + u[axis]);
}

function attributes({ positions, normals, uvs, shades, indices }) {
  return {
    attributes: {
      POSITION: { array: new Float32Array(positions.flat()), width: 3 },
      NORMAL: { array: new Float32Array(normals.flat()), width: 3 },
      TEXCOORD_0: { array: new Float32Array(uvs.flat()), width: 2 },
      COLOR_0: { array: new Uint8Array(shades.flat().map((x) => Math.round(Math.min(1, x) * 255))), width: 4, normalized: true },
    },
    indices: new Uint16Array(indices),
  };
}

/** One link as lists, from a model's mesh. */
export function linkOf({ attributes: given, indices }) {
  const list = (name, width, scale = 1) => {
    const { array } = given[name];
    return Array.from({ length: array.length / width }, (_, at) => [...array.slice(at * width, at * width + width)].map((x) => x / scale));
  };
  return { positions: list('POSITION', 3), normals: list('NORMAL', 3), uvs: list('TEXCOORD_0', 2), shades: list('COLOR_0', 4, 255), indices: [...indices] };
}

const STRIP_NORMALS = [[0, -0.7, 0.7], [0, -0.7, 0.7], [0, 0.7, 0.7], [0, 0.7, 0.7]];
const STRIP_UVS = [[0, 0], [0.2, 0], [0.2, 0.03], [0, 0.03]];

function strip(pitch, bar, up, half, shade) {
  const x = pitch / 2 + bar * 0.4, wide = 0.7 * half;
  const positions = [[-x, up - wide, -wide], [x, up - wide, -wide], [x, up + wide, wide], [-x, up + wide, wide]];
  return { positions, normals: STRIP_NORMALS, uvs: STRIP_UVS, shades: Array(4).fill([shade, shade, shade, 1]), indices: [0, 1, 2, 0, 2, 3] };
}

function joined(parts) {
  const all = { positions: [], normals: [], uvs: [], shades: [], indices: [] };
  for (const part of parts) {
    const first = all.positions.length;
    for (const key of ['positions', 'normals', 'uvs', 'shades']) all[key].push(...part[key]);
    all.indices.push(...part.indices.map((index) => first + index));
  }
  return all;
}

function rod(long, bar) {
  const all = { positions: [], normals: [], uvs: [], shades: [], indices: [] };
  for (let side = 0; side < 3; side += 1) {
    const angle = (2 * Math.PI * side) / 3;
    for (const end of [-0.5, 0.5]) {
      all.positions.push([end * long, Math.sin(angle) * bar * 1.1, Math.cos(angle) * bar * 1.1]);
      all.normals.push([0, Math.sin(angle), Math.cos(angle)]);
      all.uvs.push([end * 40, side * 0.03]);
      all.shades.push([0.8, 0.8, 0.8, 1]);
    }
    const a = side * 2, c = ((side + 1) % 3) * 2;
    all.indices.push(a, a + 1, c, c, a + 1, c + 1);
  }
  return all;
}

/** Where link `index` of a run lies in it. */
function inRun(index, pitch) {
  const askew = (salt) => noise(index * 7 + salt) - 0.5;
  const rotation = times(aboutZ(askew(3) * 0.05), aboutX((index % 2 ? Math.PI / 2 : 0) + askew(4) * 0.3));
  return { translation: [(index + 0.5) * pitch, askew(1) * 0.004, askew(2) * 0.004], rotation };
}

function run(link, count, pitch) {
  return joined(Array.from({ length: count }, (_, index) => {
    const { translation, rotation } = inRun(index, pitch);
    const piece = [noise(index * 3 + 11), noise(index * 5 + 13)];
    const worn = 0.82 + 0.3 * noise(index * 11 + 17);
    return {
      positions: link.positions.map((at) => turned(rotation, at).map((x, axis) => x + translation[axis])),
      normals: link.normals.map((normal) => turned(rotation, normal)),
      uvs: link.uvs.map((uv) => uv.map((x, axis) => x + piece[axis])),
      shades: link.shades.map(([r, g, b, a]) => [r * worn, g * worn, b * worn, a]),
      indices: link.indices,
    };
  }));
}

/** Where `count` runs from run `first` of a chain lie: `place` of layout.rs. */
function place(chains, runs, line, first, count) {
  const runM = chains.pitch_m * RUN_LINKS, west = (-runs * runM) / 2;
  const point = (east) => {
    const t = Math.min(1, Math.max(0, east / chains.span_m + 0.5));
    return [east, -4 * chains.sag_m * t * (1 - t) + line.over_m, -line.north_m];
  };
  const from = point(west + first * runM), to = point(west + (first + count) * runM);
  const along = to.map((x, axis) => x - from[axis]);
  return { translation: from, rotation: aboutZ(Math.atan2(along[1], along[0])), scale: [Math.hypot(...along) / (runM * count), 1, 1] };
}

function farFrom(eye, { translation }, long) {
  const middle = [translation[0] + long / 2, translation[1], translation[2]];
  const off = eye.map((x, axis) => Math.abs(x - middle[axis]));
  return Math.hypot(Math.max(0, off[0] - long / 2), off[1], off[2]);
}

/**
 * The chains as shapes with their places: `built`, as the scene draws them from `eye`, and `links`, every link by itself as
 * a source file without our build would hold it. `models` are link-0 to link-2.
 */
export function chainsOf(chains, models, eye) {
  const { pitch_m: pitch, bar_m: bar, span_m: span } = chains;
  const runM = pitch * RUN_LINKS, stretchM = runM * RUNS_PER_STRETCH;
  const runs = Math.ceil((span + 2 * INTO_ABUTMENT_M) / stretchM) * RUNS_PER_STRETCH;
  const strips = joined([-1, 1].map((side) => strip(pitch, bar, side * bar * 1.4, bar * 0.62, 0.82)));
  const shapes = [...models.map((model) => run(linkOf(model), RUN_LINKS, pitch)), run(strips, RUN_LINKS, pitch),
    run(strip(pitch, bar, 0, bar * 1.2, 0.8), RUN_LINKS * RUNS_PER_STRETCH, pitch), run(rod(stretchM, bar), 1, stretchM)];
  const built = shapes.map((shape) => ({ mesh: attributes(shape), places: [] }));
  const links = { mesh: models[1], places: [] };
  for (const line of chains.lines) {
    for (let first = 0; first < runs; first += RUNS_PER_STRETCH) {
      const whole = place(chains, runs, line, first, RUNS_PER_STRETCH);
      const away = farFrom(eye, whole, stretchM);
      const near = away < REACHES_M.at(-1);
      if (!near) built[away < LINKS_UNTIL_M ? 4 : 5].places.push(whole);
      for (let index = first; index < first + RUNS_PER_STRETCH; index += 1) {
        const at = place(chains, runs, line, index, 1);
        const level = REACHES_M.findIndex((reach) => farFrom(eye, at, runM) < reach);
        if (near) built[level < 0 ? 3 : level].places.push(at);
        for (let link = 0; link < RUN_LINKS; link += 1) {
          const { translation, rotation } = inRun(link, pitch);
          const stretched = turned(at.rotation, [translation[0] * at.scale[0], translation[1], translation[2]]);
          links.places.push({
            translation: stretched.map((x, axis) => x + at.translation[axis]), rotation: times(at.rotation, rotation), scale: [1, 1, 1],
          });
        }
      }
    }
  }
  return { built: built.filter(({ places }) => places.length), links };
}
