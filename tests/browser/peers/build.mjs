// Builds the peers' pages, bundles and scenes beside our own built site, so that one service serves both alike, brotli and
// all. `built()` gives the folder to serve, the addresses of the pages, and what each scene holds.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, linkSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { buildSync } from 'esbuild';
import { ROOT } from '../harness.mjs';
import { scenesOf } from './content.mjs';
import { lightOf } from './light.mjs';

const TARGET = join(ROOT, 'target/peers');
const CACHE = join(TARGET, 'brotli');
const PAGES = join(import.meta.dirname, 'pages');
export const PEERS = ['three', 'playcanvas', 'model-viewer'];
/** Scenes that are fetched over a slow network, and so compressed as well as ours is. */
const SLOW = ['first', 'rest'];
/** Vertical field of view (scene/mod.rs), and texels of the shadow map at the middle tier (sky/mod.rs). */
const [FOV_RAD, SHADOW_PX] = [0.87, 1024];

const digest = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 16);

/** The eye's two ways around: as a visitor finds the scene, and at mid-span as `#mid-span` opens it (navigation/way.rs). */
function viewsOf(site) {
  const { east_m: east, north_m: north, up_m: up } = site.stations.find(({ id }) => id === 'mid-span').position;
  return {
    first: { target: [0, -3, 0], distance: 96, yaw: -0.62, pitch: -0.3 },
    station: { target: [east, up + 1, -north], distance: 20, yaw: 0, pitch: -0.35 },
  };
}

const eyeOf = ({ target, distance, yaw, pitch }) => {
  const ahead = [-Math.sin(yaw) * Math.cos(pitch), Math.sin(pitch), -Math.cos(yaw) * Math.cos(pitch)];
  return target.map((x, axis) => x - ahead[axis] * distance);
};

/** Writes a file with its brotli twin; what was compressed once is kept. */
function lay(path, bytes, quality) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  const kept = join(CACHE, `${digest(bytes)}-${quality}`);
  if (!existsSync(kept)) {
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(kept, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }));
  }
  cpSync(kept, `${path}.br`);
}

/** All files of a folder, linked rather than copied. */
function link(from, to) {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, copy] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) link(source, copy);
    else linkSync(source, copy);
  }
}

const bundle = (entry) => buildSync({
  entryPoints: [join(PAGES, entry)], bundle: true, minify: true, format: 'esm', target: 'es2022', write: false, legalComments: 'none', absWorkingDir: import.meta.dirname,
}).outputFiles[0].contents;

function page(peer, at, settings) {
  const poster = peer === 'model-viewer' ? `<img slot="poster" src="${settings.poster}" alt="泸定桥">` : '';
  const viewer = {
    'shadow-intensity': 1, 'tone-mapping': 'aces', exposure: 0.65, 'interaction-prompt': 'none', 'interpolation-decay': 0,
    'min-camera-orbit': 'auto 0deg 0.5m', 'max-camera-orbit': 'auto 180deg 300m', 'min-field-of-view': '1deg', 'max-field-of-view': '120deg',
  };
  const attributes = Object.entries(viewer).map(([name, value]) => `${name}="${value}"`).join(' ');
  const stage = peer === 'model-viewer'
    ? `<model-viewer src="${settings.model}" camera-controls disable-tap ${attributes}>${poster}</model-viewer>`
    : '<canvas></canvas>';
  return `<!doctype html>
<html lang="zh-Hans"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>泸定桥</title>
<link rel="icon" href="/icons/icon.svg"><link rel="stylesheet" href="${at}page.css">
<link rel="preload" as="fetch" crossorigin href="${settings.model}"><script type="module" src="${at}${peer}.js"></script></head>
<body data-scene='${JSON.stringify(settings)}'><h1 class="title">泸定桥</h1>${stage}</body></html>
`;
}

export function built() {
  const { site } = JSON.parse(readFileSync(join(ROOT, 'target/private/luding.json')));
  const [, root] = readFileSync(join(ROOT, 'target/edition.txt'), 'utf8').trim().split('\n');
  const web = join(TARGET, 'web');
  rmSync(web, { recursive: true, force: true });
  link(join(ROOT, 'target/web'), web);

  const [light, views] = [lightOf(site.origin.position), viewsOf(site)];
  const scenes = scenesOf({
    site, models: join(ROOT, 'assets/sites/luding/models'), root: '../../../luding/ROOT/textures/'.replace('ROOT', root.split('/').at(-1)), light,
    views: { first: eyeOf(views.first), station: eyeOf(views.station) },
  });
  const bundles = Object.fromEntries(PEERS.map((peer) => [peer, bundle(`${peer}.mjs`)]));
  const css = readFileSync(join(PAGES, 'page.css'));
  const all = [...Object.values(bundles), css, ...Object.values(scenes).map(({ bytes }) => bytes)];
  // As ours: under an address that names what lies there, so that a browser keeps it for good.
  const at = `/sites/peers/${digest(Buffer.concat(all))}/`;
  const lie = (name, bytes, quality = 11) => lay(join(web, at, name), bytes, quality);
  for (const [peer, code] of Object.entries(bundles)) lie(`${peer}.js`, code);
  lie('page.css', css);
  for (const [name, { bytes }] of Object.entries(scenes)) lie(`models/${name}.glb`, bytes, SLOW.includes(name.replace('viewer-', '')) ? 11 : 5);

  const pages = {};
  for (const peer of PEERS) {
    for (const scene of ['first', 'built', 'source', 'instanced']) {
      const file = (name) => `${at}models/${peer === 'model-viewer' ? 'viewer-' : ''}${name}.glb`;
      const settings = {
        model: file(scene), rest: scene === 'first' && peer !== 'model-viewer' ? file('rest') : null,
        poster: `/${root}/poster_640.webp`, light, views, fovRad: FOV_RAD, shadow: SHADOW_PX,
      };
      const address = `/peers/${peer}/${scene}/`;
      lay(join(web, address, 'index.html'), Buffer.from(page(peer, at, settings)), 11);
      pages[peer] = { ...pages[peer], [scene]: address };
    }
  }
  const code = Object.fromEntries(PEERS.map((peer) => [peer, readFileSync(join(web, at, `${peer}.js.br`)).length]));
  return { web, pages, scenes: Object.fromEntries(Object.entries(scenes).map(([name, { meshes, triangles }]) => [name, { meshes, triangles }])), views, code, folder: relative(ROOT, web) };
}
