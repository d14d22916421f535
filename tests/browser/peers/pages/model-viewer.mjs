// The scene in model-viewer. It sets its own light and draws no shadow of a sun: the sun stands in the file, its own soft
// shadow under the model is on, and its way around is set at each frame.
import '@google/model-viewer/dist/model-viewer.min.js';
import { drawn, fovRad, gaze } from './orbit.mjs';

const viewer = document.querySelector('model-viewer');
const { constructor: ModelViewer } = viewer;
// It would draw fewer pixels than asked for on a slow machine.
ModelViewer.minimumRenderScale = 1;
let loaded = false, before = '';
viewer.addEventListener('load', () => { loaded = true; });
viewer.fieldOfView = `${fovRad}rad`;

function frame() {
  const { target: [x, y, z], distance, yaw, pitch } = gaze();
  const now = `${yaw}rad ${Math.PI / 2 + pitch}rad ${distance}m`;
  if (now !== before) {
    viewer.cameraTarget = `${x}m ${y}m ${z}m`;
    viewer.cameraOrbit = now;
    viewer.jumpCameraToGoal();
    before = now;
  }
  drawn(loaded, loaded);
  requestAnimationFrame(frame);
}
globalThis.peer.counts = () => {
  // The scene is kept under a symbol; there is no public way to ask how much it holds.
  const scene = viewer[Object.getOwnPropertySymbols(viewer).find((symbol) => symbol.description === 'scene')];
  let [meshes, triangles] = [0, 0];
  scene.traverse((node) => {
    // The plane that takes its own soft shadow is no part of the file.
    if (!node.isMesh || !node.material.isMeshStandardMaterial) return;
    meshes += 1;
    triangles += (node.geometry.index.count / 3) * (node.count ?? 1);
  });
  return { meshes, triangles };
};
requestAnimationFrame(frame);
