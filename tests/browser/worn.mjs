// A headset, emulated: IWER in place of the browser's own WebXR, with both eyes, its layer either the canvas itself (as IWER
// has it) or a framebuffer of its own (as a headset has it), and eyes whose axis is off their middle where asked for.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { visitor } from './harness.mjs';
import { hook, tell, until } from './steps.mjs';
import { SLOW_RENDERER, SMALL, enter, when } from './stage.mjs';

const require = createRequire(import.meta.url);
const IWER = readFileSync(require.resolve('iwer/build/iwer.min.js'), 'utf8');

/** What the page is given before any script of its own: `ownLayer` a framebuffer, `askew` eyes as real headsets have them. */
function install({ ownLayer, askew, refuse, modes }) {
  const device = new globalThis.IWER.XRDevice(globalThis.IWER.metaQuest3, { stereoEnabled: true, ipd: 0.063, fovy: Math.PI / 2 });
  device.installRuntime({ forceInstall: true });
  globalThis.xrDevice = device;
  const { requestSession, isSessionSupported } = navigator.xr;
  navigator.xr.isSessionSupported = async (mode) => modes.includes(mode) && isSessionSupported.call(navigator.xr, mode);
  navigator.xr.requestSession = async (mode, options) => {
    globalThis.activated = navigator.userActivation.isActive;
    await globalThis.untilGranted;
    if (globalThis.refuse ?? refuse) throw new DOMException('refused by the test', globalThis.refuse ?? refuse);
    return requestSession.call(navigator.xr, mode, options);
  };
  if (ownLayer) {
    const own = new WeakMap();
    // What the emulated device takes is not counted with what the page takes.
    const { createFramebuffer, createRenderbuffer } = WebGL2RenderingContext.prototype;
    Object.defineProperty(globalThis.XRWebGLLayer.prototype, 'framebuffer', {
      get() {
        if (!own.has(this)) {
          const gl = document.getElementById('scene-canvas').getContext('webgl2');
          const before = gl.getParameter(gl.FRAMEBUFFER_BINDING);
          const [frame, colour] = [createFramebuffer.call(gl), createRenderbuffer.call(gl)];
          gl.bindFramebuffer(gl.FRAMEBUFFER, frame);
          gl.bindRenderbuffer(gl.RENDERBUFFER, colour);
          gl.renderbufferStorage(gl.RENDERBUFFER, gl.RGBA8, this.framebufferWidth, this.framebufferHeight);
          gl.framebufferRenderbuffer(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.RENDERBUFFER, colour);
          gl.bindFramebuffer(gl.FRAMEBUFFER, before);
          own.set(this, frame);
        }
        return own.get(this);
      },
    });
  }
  if (askew) {
    const view = Object.getOwnPropertyDescriptor(globalThis.XRView.prototype, 'projectionMatrix');
    Object.defineProperty(globalThis.XRView.prototype, 'projectionMatrix', {
      get() {
        const lens = Float32Array.from(view.get.call(this));
        // The nose is nearer than the temple.
        lens[8] = this.eye === 'left' ? -0.18 : 0.18;
        lens[9] = 0.08;
        return lens;
      },
    });
  }
}

/** Gives every page of this visitor a headset. */
export async function withHeadset(context, { ownLayer = false, askew = false, refuse = null, modes = ['immersive-vr', 'immersive-ar'] } = {}) {
  await context.addInitScript(() => addEventListener('retrace:said', ({ detail }) => {
    const said = JSON.parse(detail);
    if (said.type === 'pressed') (globalThis.presses ??= []).push(said.id);
  }));
  await context.addInitScript({ content: `${IWER}\n(${install})(${JSON.stringify({ ownLayer, askew, refuse, modes })});` });
}

/** Presses the way in; `how` is `steady`, `free` or `room`. */
export async function putOn(page, how = 'steady') {
  await hook(page, 'headset').click();
  await hook(page, `headset-${how}`).click();
}

/** Does something with the emulated headset, in the page. */
export const device = (page, act, given = null) => page.evaluate(`(${act})(globalThis.xrDevice, ${JSON.stringify(given)})`);

/** Turns the head: to the left and up, degrees; and moves it, metres. */
export const look = (page, { left = 0, up = 0, at = null }) => device(page, (xr, { left, up, at }) => {
  const [yaw, pitch] = [left, up].map((degrees) => (degrees * Math.PI) / 360);
  const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
  xr.quaternion.set(cy * sp, sy * cp, -sy * sp, cy * cp);
  if (at) xr.position.set(...at);
}, { left, up, at });

/** What the wearer sees and does, in numbers; fails where nobody comes to wear the headset. */
export const worn = async (page) => (await when(page, ({ headset }) => headset, { seconds: 30 })).headset;

/** Waits until `holds` is true of what the wearer sees, and gives that. */
export const whenWorn = async (page, holds, limit) => (await when(page, ({ headset, ...scene }) => headset && holds(headset, scene), limit)).headset;

/** Looks straight at a place, engine metres, from where the head is. */
export async function lookAt(page, { x, y, z }) {
  const { head, rig } = await worn(page);
  const [east, up, south] = [x - head.x, y - head.y, z - head.z];
  const left = ((Math.atan2(-east, -south) - rig.yaw) * 180) / Math.PI;
  await look(page, { left, up: (Math.atan2(up, Math.hypot(east, south)) * 180) / Math.PI });
}

/** Takes the controllers away, so that the head points. */
export const withoutControllers = (page) => device(page, (xr) => {
  for (const hand of ['left', 'right']) xr.controllers[hand].connected = false;
});

/** Points the right controller, or the right hand, at a place, engine metres, held a little under the eyes. */
export async function pointAt(page, { x, y, z }) {
  const { head, rig } = await worn(page);
  await device(page, (xr, { x, y, z, head, rig }) => {
    const [cos, sin] = [Math.cos(-rig.yaw), Math.sin(-rig.yaw)];
    // From the place into the room.
    const room = (east, south) => [(east * cos + south * sin) / rig.scale, (south * cos - east * sin) / rig.scale];
    const from = [xr.position.x + 0.12, xr.position.y - 0.35, xr.position.z - 0.25];
    const [tx, tz] = room(x - head.x, z - head.z);
    const to = [xr.position.x + tx - from[0], xr.position.y + (y - head.y) / rig.scale - from[1], xr.position.z + tz - from[2]];
    const yaw = Math.atan2(-to[0], -to[2]) / 2;
    const pitch = Math.atan2(to[1], Math.hypot(to[0], to[2])) / 2;
    const held = xr.primaryInputMode === 'hand' ? xr.hands.right : xr.controllers.right;
    held.position.set(...from);
    held.quaternion.set(Math.cos(yaw) * Math.sin(pitch), Math.sin(yaw) * Math.cos(pitch), -Math.sin(yaw) * Math.sin(pitch), Math.cos(yaw) * Math.cos(pitch));
  }, { x, y, z, head, rig });
}

/** Counts every call that draws and makes none, unless `draws` is set: a software renderer takes a third of a second over both eyes. */
export const withoutDraws = (page) => page.evaluate(() => {
  globalThis.drawn = 0;
  const gl = WebGL2RenderingContext.prototype;
  for (const name of ['drawElements', 'drawArrays', 'drawElementsInstanced', 'drawArraysInstanced']) {
    const draw = gl[name];
    gl[name] = function counted(...given) {
      globalThis.drawn += 1;
      if (globalThis.draws) draw.apply(this, given);
    };
  }
});

/** How many frames of the session have come since it began, counted in the session itself. */
export const sessionFrames = (page) => page.evaluate(() => globalThis.sessionFrames);

export async function countFrames(page) {
  await device(page, (xr) => {
    globalThis.sessionFrames = 0;
    const session = xr.activeSession;
    const count = () => { globalThis.sessionFrames += 1; session.requestAnimationFrame(count); };
    session.requestAnimationFrame(count);
  });
}

/** Draws the trigger of the right controller, or lets it go, and waits until the scene has seen it. */
export async function trigger(page, drawn) {
  await device(page, (xr, drawn) => xr.controllers.right.updateButtonValue('trigger', drawn ? 1 : 0), drawn);
  await updates(page, 3);
}

export const stick = (page, x, y) => device(page, (xr, { x, y }) => xr.controllers.right.updateAxes('thumbstick', x, y), { x, y });

/** Waits until the scene has turned so many more times. */
export async function updates(page, count) {
  const { updates: from } = await worn(page);
  return whenWorn(page, (now) => now.updates >= from + count);
}

/**
 * What both eyes see: the mean colour of each, the share of pixels in which they differ, and for each colour asked for (code
 * values, two either way) how often each eye sees it and where, as shares from the top left.
 */
export const seen = (page, colours = []) => page.evaluate((colours) => new Promise((done) => {
  const session = globalThis.xrDevice.activeSession;
  const layer = session.renderState.baseLayer;
  const gl = document.querySelector('canvas#scene-canvas').getContext('webgl2');
  session.requestAnimationFrame(() => queueMicrotask(() => {
    const [width, height] = [layer.framebufferWidth, layer.framebufferHeight];
    const before = gl.getParameter(gl.FRAMEBUFFER_BINDING);
    gl.bindFramebuffer(gl.FRAMEBUFFER, layer.framebuffer);
    const pixels = new Uint8Array(width * height * 4);
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    gl.bindFramebuffer(gl.FRAMEBUFFER, before);
    const half = Math.floor(width / 2);
    const eyes = [0, 1].map(() => ({ mean: [0, 0, 0, 0], found: colours.map(() => ({ count: 0, x: 0, y: 0 })) }));
    let differs = 0;
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < half; x += 1) {
        const at = [0, 1].map((eye) => (y * width + x + eye * half) * 4);
        if (Math.abs(pixels[at[0]] - pixels[at[1]]) > 8) differs += 1;
        for (const [eye, { mean, found }] of eyes.entries()) {
          for (let c = 0; c < 4; c += 1) mean[c] += pixels[at[eye] + c] / (half * height);
          for (const [index, colour] of colours.entries()) {
            if (colour.every((value, c) => Math.abs(pixels[at[eye] + c] - value) <= 2)) {
              found[index].count += 1;
              found[index].x += (x + 0.5) / half;
              found[index].y += 1 - (y + 0.5) / height;
            }
          }
        }
      }
    }
    for (const { found } of eyes) for (const one of found) if (one.count) { one.x /= one.count; one.y /= one.count; }
    done({ width, height, eyes, differs: differs / (half * height) });
  }));
}), colours);

/** What has been pressed so far, as the page was told. */
const presses = (page) => page.evaluate(() => globalThis.presses ?? []);

/**
 * Points at a button of what hangs there, by `how`, until it is what is pointed at; it may come to lie elsewhere meanwhile.
 * On a slow machine looking may have pressed it by then: more than `before` presses end this as well.
 */
async function aimAt(page, id, how, before) {
  const place = ({ buttons }) => buttons.findIndex((button) => button.id === id);
  const isAt = (now) => now.target?.startsWith('button ') && Number(now.target.slice(7)) % 1000 === place(now);
  for (const end = Date.now() + 60_000; ;) {
    const now = await worn(page);
    if (place(now) >= 0 && isAt(now)) return;
    if ((await presses(page)).length > before) return;
    if (place(now) >= 0) await how(page, now.buttons[place(now)]);
    if (Date.now() > end) throw new Error(`${id} is never pointed at: ${JSON.stringify(now)}`);
    await updates(page, 2);
  }
}

/** Waits until the page has been told of one more press, and that it was of `id`. */
async function pressed(page, id, before) {
  const after = await until(page, (count) => (globalThis.presses?.length ?? 0) > count && globalThis.presses, before);
  if (after[before] !== id) throw new Error(`${after[before]} was pressed, not ${id}`);
}

/** Presses by pointing in this way and pressing this; what leaves the headset takes the page with it. */
async function press(page, id, how, act, release) {
  const { length } = await presses(page);
  await aimAt(page, id, how, length);
  await device(page, act);
  if (id === 'leave') return;
  await pressed(page, id, length);
  await device(page, release);
  if (how === lookAt) await look(page, { up: 75 }); // Where nothing is to be pressed.
  await updates(page, 2);
}

/** Presses a button of what hangs there by the ray of the right controller. */
export const pressByTrigger = (page, id) => press(page, id, pointAt, (xr) => xr.controllers.right.updateButtonValue('trigger', 1), (xr) => xr.controllers.right.updateButtonValue('trigger', 0));

/** The same by pinching, with hands in place of controllers. */
export const pressByPinching = (page, id) => press(page, id, pointAt, (xr) => xr.hands.right.updatePinchValue(1), (xr) => xr.hands.right.updatePinchValue(0));

/** The same by a button that is somewhere, while the head points. */
export const pressByButton = (page, id) => press(page, id, lookAt, (xr) => xr.controllers.right.updateButtonValue('trigger', 1), (xr) => xr.controllers.right.updateButtonValue('trigger', 0));

/** The same by looking at it for as long as it takes. */
export const pressByLooking = (page, id) => press(page, id, lookAt, () => {}, () => {});

/** How the session's layer and the eyes may be: as the emulator has them, and as headsets do. */
const LAYERS = [
  { name: 'on the canvas itself', set: {} },
  { name: 'on a layer of its own, before eyes off their middle', set: { ownLayer: true, askew: true } },
];
const ROOM = { ...SMALL, viewport: { width: 640, height: 320 } };

/** Runs a test on each of them. */
export const onEachLayer = (what, run) => {
  for (const { name, set } of LAYERS) test(`${name}: ${what}`, () => run(set));
};

/** Visitors of this service, in this browser. */
export function wearers({ service, browser }) {
  /** Somebody with a headset at hand, in the scene, at the lowest tier so that a software renderer keeps up. */
  async function atTheScene(set = {}, { lang = 'zh', station = '', expected = [], dress = null } = {}) {
    const guest = await visitor(browser, service, ROOM, { expected: [...SLOW_RENDERER, ...expected] });
    const { page } = guest;
    const wrong = [];
    page.on('console', (message) => { if (/WebGL|INVALID_|GL_/.test(message.text()) && !SLOW_RENDERER.some((known) => known.test(message.text()))) wrong.push(message.text()); });
    await withHeadset(guest.context, set);
    if (dress) await guest.context.addInitScript(dress);
    await enter(page, lang, station);
    await tell(page, { type: 'quality', tier: 'floor' });
    return {
      ...guest,
      async leave() {
        assert.deepEqual(wrong, [], 'nothing was asked of WebGL that it refuses');
        await guest.leave();
      },
    };
  }

  /** The same with the headset on; `begin` closes the welcome. */
  async function inTheHeadset(set, more = {}) {
    const guest = await atTheScene(set, more);
    await putOn(guest.page, more.how ?? 'steady');
    await whenWorn(guest.page, ({ updates, panel }) => updates > 2 && panel);
    if (more.begin !== false) {
      await device(guest.page, (xr) => xr.controllers.right.updateButtonValue('a-button', 1));
      await whenWorn(guest.page, ({ panel }) => !panel);
      await device(guest.page, (xr) => xr.controllers.right.updateButtonValue('a-button', 0));
    }
    return guest;
  }

  return { atTheScene, inTheHeadset };
}
