// The scene in three.js, as its manual has one write it.
import {
  ACESFilmicToneMapping, Color, DirectionalLight, Fog, HemisphereLight, PCFShadowMap, PerspectiveCamera, Scene, Vector3, WebGLRenderer,
} from 'three';
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js';
import { drawn, fovRad, gaze, light, model, rest, shadow, shadowBall, shadowReach } from './orbit.mjs';

const canvas = document.querySelector('canvas');
const renderer = new WebGLRenderer({ canvas, antialias: true });
renderer.shadowMap.enabled = true;
renderer.shadowMap.type = PCFShadowMap;
renderer.toneMapping = ACESFilmicToneMapping;
renderer.toneMappingExposure = light.exposure * 1.3;

const colour = (rgb) => new Color().setRGB(...rgb);
const scene = new Scene();
scene.background = colour(light.horizon);
scene.fog = new Fog(scene.background, 60, 2600);
const camera = new PerspectiveCamera((fovRad * 180) / Math.PI, 1, 0.15, 20000);

// Lights in three.js are divided by π on the way; ours are not.
const sky = new HemisphereLight(colour(light.zenith.map((x, axis) => (x + light.horizon[axis]) / 2)), colour(light.ground), Math.PI);
const sun = new DirectionalLight(colour(light.sun), Math.PI);
sun.castShadow = true;
sun.shadow.mapSize.setScalar(shadow);
sun.shadow.normalBias = 0.3;
sun.shadow.bias = -0.0005;
scene.add(sky, sun, sun.target);

const materials = new Map();
function take({ scene: loaded }) {
  loaded.traverse((node) => {
    if (!node.isMesh) return;
    node.castShadow = node.name.startsWith('casts-');
    node.receiveShadow = true;
    // The first level comes without normal maps; they come with the rest.
    const before = materials.get(node.material.name);
    if (!before) materials.set(node.material.name, node.material);
    else if (!before.normalMap && node.material.normalMap) {
      before.normalMap = node.material.normalMap;
      before.needsUpdate = true;
    }
  });
  scene.add(loaded);
}

const { clientWidth: width, clientHeight: height } = canvas;
renderer.setSize(width, height, false);
camera.aspect = width / height;
camera.updateProjectionMatrix();
const toward = new Vector3(...light.direction);
let reached = 0;

function frame() {
  const { eye, target } = gaze();
  camera.position.set(...eye);
  camera.lookAt(...target);
  const { along, radius } = shadowBall(shadowReach(eye), camera.aspect);
  camera.getWorldDirection(sun.target.position).multiplyScalar(along).add(camera.position);
  sun.position.copy(sun.target.position).addScaledVector(toward, radius + 900);
  if (reached !== radius) {
    reached = radius;
    Object.assign(sun.shadow.camera, { left: -radius, right: radius, top: radius, bottom: -radius, near: 0, far: 2 * radius + 900 });
    sun.shadow.camera.updateProjectionMatrix();
  }
  renderer.render(scene, camera);
  drawn(levels > 0, levels > 1);
}

let levels = 0;
globalThis.peer.counts = () => {
  let [meshes, triangles] = [0, 0];
  scene.traverse((node) => {
    if (!node.isMesh) return;
    meshes += 1;
    triangles += (node.geometry.index.count / 3) * (node.count ?? 1);
  });
  return { meshes, triangles };
};
renderer.setAnimationLoop(frame);
const loader = new GLTFLoader();
take(await loader.loadAsync(model));
levels = rest ? 1 : 2;
if (rest) {
  await new Promise((done) => addEventListener('peer:ready', done, { once: true }));
  take(await loader.loadAsync(rest));
  levels = 2;
}
