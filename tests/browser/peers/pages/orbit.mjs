// What the pages of all peers share: the eye's way around the scene, by key, finger and mouse as ours has it, and what
// the bench asks of a page. Knows no engine.

/** Radians a second while an arrow key is held (keys.rs), and per pixel of drag (mouse.rs). */
const [TURN, DRAG] = [1.3, 0.0033 * 1.5];
const [FLATTEST, STEEPEST] = [-0.05, -1.45];
/** Frames with everything in them before a scene counts as open, as in opening.rs. */
const SETTLED_FRAMES = 3;

const settings = JSON.parse(document.body.dataset.scene);
export const { light, model, rest, fovRad, shadow, water } = settings;

const orbit = { ...settings.views[location.hash === '#station' ? 'station' : 'first'] };
const held = new Set();
addEventListener('keydown', ({ code }) => held.add(code));
addEventListener('keyup', ({ code }) => held.delete(code));
addEventListener('pointermove', (event) => {
  if (!event.buttons) return;
  orbit.yaw -= event.movementX * DRAG;
  orbit.pitch = Math.min(FLATTEST, Math.max(STEEPEST, orbit.pitch - event.movementY * DRAG));
});
addEventListener('wheel', ({ deltaY }) => { orbit.distance *= Math.exp(deltaY * 0.00175); }, { passive: true });

let last = performance.now();

/** Moves the eye on by the time that has gone; where it is and what it looks at. */
export function gaze() {
  const now = performance.now();
  const turn = (held.has('ArrowLeft') ? 1 : 0) - (held.has('ArrowRight') ? 1 : 0);
  orbit.yaw -= turn * TURN * (now - last) / 1000;
  last = now;
  const { target, distance, yaw, pitch } = orbit;
  const ahead = [-Math.sin(yaw) * Math.cos(pitch), Math.sin(pitch), -Math.cos(yaw) * Math.cos(pitch)];
  return { eye: target.map((x, axis) => x - ahead[axis] * distance), target, distance, yaw, pitch };
}

/** How far shadows reach from an eye, metres (sky/mod.rs). */
export function shadowReach([x, y, z]) {
  const beyond = Math.max(Math.hypot(Math.max(Math.abs(x) - 60, 0), z), y);
  return Math.min(10, Math.max(2, Math.ceil((70 + 2.2 * beyond) / 40))) * 40;
}

/** Half the width of a square that holds what is seen up to `reach`, and how far ahead its middle lies (frame/shadow.rs). */
export function shadowBall(reach, aspect) {
  const half = Math.tan(fovRad / 2) * Math.hypot(1, aspect);
  const along = Math.min((reach * (1 + half * half)) / 2, reach);
  return { along, radius: Math.ceil(Math.max(along, Math.hypot(reach - along, reach * half))) };
}

/** What the bench reads: frames drawn, the eye, and what the page says of its scene. */
globalThis.peer = { frame: 0, orbit, gaze, ready: null, whole: null, counts: () => ({}) };

/** To be called after each frame: says when the first level is drawn and input taken, and when all of it is. */
export function drawn(first, whole) {
  const { peer } = globalThis;
  peer.frame += 1;
  for (const [name, there] of [['ready', first], ['whole', whole]]) {
    if (!there || peer[name]) continue;
    peer[`${name}Frames`] = (peer[`${name}Frames`] ?? 0) + 1;
    if (peer[`${name}Frames`] < SETTLED_FRAMES) continue;
    peer[name] = performance.now();
    dispatchEvent(new CustomEvent(`peer:${name}`));
  }
}
