// The scene in PlayCanvas, as its manual has one write it for an engine without the editor and with no more of it than is used.
import {
  AppBase, AppOptions, Asset, CameraComponentSystem, Color, ContainerHandler, createGraphicsDevice, Entity, FILLMODE_NONE, FOG_LINEAR,
  LightComponentSystem, Quat, RenderComponentSystem, RESOLUTION_FIXED, SHADOW_PCF3_32F, SHADOWUPDATE_REALTIME, TextureHandler, TONEMAP_ACES, Vec3,
} from 'playcanvas';
import { drawn, fovRad, gaze, light, model, rest, shadow, shadowBall, shadowReach } from './orbit.mjs';

const canvas = document.querySelector('canvas');
const options = new AppOptions();
options.graphicsDevice = await createGraphicsDevice(canvas, { deviceTypes: ['webgl2'], antialias: true, alpha: false });
options.componentSystems = [RenderComponentSystem, CameraComponentSystem, LightComponentSystem];
options.resourceHandlers = [TextureHandler, ContainerHandler];
const app = new AppBase(canvas);
app.init(options);
const { clientWidth: width, clientHeight: height } = canvas;
app.setCanvasFillMode(FILLMODE_NONE, width, height);
app.setCanvasResolution(RESOLUTION_FIXED, width, height);
app.start();

const gamma = (rgb) => new Color(...rgb.map((x) => x ** (1 / 2.2)));
const middle = light.zenith.map((x, axis) => (x + light.horizon[axis] + light.ground[axis]) / 3);
app.scene.ambientLight = gamma(middle);
app.scene.exposure = light.exposure * 1.9;
const camera = new Entity('camera');
camera.addComponent('camera', { clearColor: gamma(light.horizon), fov: (fovRad * 180) / Math.PI, nearClip: 0.15, farClip: 20000, toneMapping: TONEMAP_ACES });
app.scene.fog.type = FOG_LINEAR;
app.scene.fog.color = gamma(light.horizon);
app.scene.fog.start = 60;
app.scene.fog.end = 2600;
const strength = Math.max(...light.sun);
const sun = new Entity('sun');
sun.addComponent('light', {
  type: 'directional', color: gamma(light.sun.map((x) => x / strength)), intensity: strength, castShadows: true, shadowUpdateMode: SHADOWUPDATE_REALTIME,
  shadowResolution: shadow, shadowType: SHADOW_PCF3_32F, shadowDistance: 160, numCascades: 1, shadowBias: 0.2, normalOffsetBias: 0.3,
});
// Lights of PlayCanvas shine down their own −y.
sun.setRotation(new Quat().setFromDirections(new Vec3(0, 1, 0), new Vec3(...light.direction)));
app.root.addChild(camera);
app.root.addChild(sun);

const materials = new Map();
function take(asset) {
  const loaded = asset.resource.instantiateRenderEntity();
  for (const render of loaded.findComponents('render')) {
    const casts = render.entity.name.startsWith('casts-');
    render.castShadows = casts;
    render.castShadowsLightmap = false;
    for (const { material } of render.meshInstances) {
      const before = materials.get(material.name);
      if (!before) materials.set(material.name, material);
      else if (!before.normalMap && material.normalMap) {
        before.normalMap = material.normalMap;
        before.update();
      }
    }
  }
  app.root.addChild(loaded);
}

const load = (url) => new Promise((done, failed) => {
  const asset = new Asset(url, 'container', { url });
  asset.once('load', done);
  asset.once('error', failed);
  app.assets.add(asset);
  app.assets.load(asset);
});

let levels = 0, reached = 0;
app.on('update', () => {
  const { eye, target } = gaze();
  camera.setPosition(...eye);
  camera.lookAt(...target);
  const { radius } = shadowBall(shadowReach(eye), width / height);
  if (radius !== reached) sun.light.shadowDistance = shadowReach(eye);
  reached = radius;
});
app.on('frameend', () => drawn(levels > 0, levels > 1));
globalThis.peer.counts = () => {
  let [meshes, triangles] = [0, 0];
  for (const render of app.root.findComponents('render')) {
    for (const instance of render.meshInstances) {
      meshes += 1;
      triangles += (instance.mesh.primitive[0].count / 3) * Math.max(1, instance.instancingCount);
    }
  }
  return { meshes, triangles };
};
take(await load(model));
levels = rest ? 1 : 2;
if (rest) {
  await new Promise((done) => addEventListener('peer:ready', done, { once: true }));
  take(await load(rest));
  levels = 2;
}
