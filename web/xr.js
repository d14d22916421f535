// Headset: the only code that touches WebXR. The scene's program hears each frame, the page's hears how the session goes.

const FLOOR_M = 1.6; // Where a device knows no floor, it is taken to lie this far below where the head was.
const READY_MS = 5000;
const [HEAD, VIEW, HAND] = [12, 15, 14]; // As in `platform/headset.rs`.

const numbers = new Float32Array(HEAD + 2 * VIEW + 2 * HAND);
let hearer = null;
let told = () => {};
let session = null;
let space = null;
let layer = null;
let recentred = 0;
let offerAgain = () => {};
let held = [0, 0]; // Selects under way, left and right, for what has no buttons.

// The scene's program gives the functions that hear of a session.
export const attach = (given) => {
  hearer = given;
};

// Calls `hear(state)` when a session is "shown", "dimmed", "hidden" or "ended".
export const watch = (hear) => {
  told = hear;
};

// What this browser can open: `vr`, `ar`, and `why` neither: "insecure", "none" (no WebXR), "no-device", or "".
export const support = async () => {
  if (!isSecureContext) return { vr: false, ar: false, why: "insecure" };
  if (!navigator.xr) return { vr: false, ar: false, why: "none" };
  const can = (mode) => navigator.xr.isSessionSupported(mode).catch(() => false);
  const [vr, ar] = await Promise.all([can("immersive-vr"), can("immersive-ar")]);
  return { vr, ar, why: vr || ar ? "" : "no-device" };
};

const context = () => document.getElementById("scene-canvas")?.getContext("webgl2");

// Makes the drawing fit for a headset; done before anybody presses, since a browser may take its time over it.
export const makeFit = async () => {
  try {
    await context()?.makeXRCompatible();
    return true;
  } catch {
    return false;
  }
};

const until = async (holds, millis) => {
  for (const end = performance.now() + millis; !holds(); ) {
    if (performance.now() > end) throw new DOMException("the scene did not follow", "TimeoutError");
    await new Promise((next) => setTimeout(next, 10));
  }
};

const floorOf = async (opened) => {
  try {
    return await opened.requestReferenceSpace("local-floor");
  } catch {
    const local = await opened.requestReferenceSpace("local");
    return local.getOffsetReferenceSpace(new XRRigidTransform({ y: -FLOOR_M }));
  }
};

const WANTED = { optionalFeatures: ["local-floor", "hand-tracking"] };

// Opens a session, from within a press: `mode` is "immersive-vr" or "immersive-ar". Resolves once its frames are drawn; is
// rejected with a DOMException whose name says why there is none.
export const enter = (mode) => open(mode, () => navigator.xr.requestSession(mode, WANTED));

// Puts a way in into the browser's own frame, where it has room for one; calls `taken()` whenever somebody came in by it, and
// `failed(name)` where they took it and came no further.
export const offer = (taken, failed) => {
  if (!navigator.xr?.offerSession) return;
  offerAgain = async () => {
    let granted = false;
    try {
      await open("immersive-vr", async () => {
        const opened = await navigator.xr.offerSession("immersive-vr", WANTED);
        granted = true;
        return opened;
      });
      taken();
    } catch (fault) {
      // Refused is what an offer is that nobody took before another session began: the next one is made after that.
      if (!granted) return;
      failed(fault.name);
      offerAgain();
    }
  };
  offerAgain();
};

const open = async (mode, ask) => {
  if (session || !hearer) throw new DOMException("a session runs already, or the scene is not open", "InvalidStateError");
  const opening = ask();
  let opened = null;
  try {
    opened = await opening;
    let over = false;
    opened.addEventListener("end", () => {
      over = true;
      if (session === opened) end();
    });
    hearer.asked();
    const gl = context();
    await gl.makeXRCompatible();
    layer = new XRWebGLLayer(opened, gl, { antialias: false, depth: false, stencil: false, alpha: mode === "immersive-ar" });
    if ("fixedFoveation" in layer) layer.fixedFoveation = 0;
    opened.updateRenderState({ baseLayer: layer, depthNear: 0.1, depthFar: 3000 });
    space = await floorOf(opened);
    await until(() => hearer.ready(), READY_MS);
    if (over) throw new DOMException("the session ended at once", "AbortError");
  } catch (fault) {
    if (opened) hearer.ended();
    opened?.end().catch(() => {}); // It may have ended by itself.
    throw fault;
  }
  session = opened;
  held = [0, 0];
  space.addEventListener("reset", () => (recentred += 1));
  session.addEventListener("visibilitychange", () => told(stateOf(session.visibilityState)));
  const side = ({ inputSource }) => (inputSource.handedness === "left" ? 0 : 1);
  session.addEventListener("selectstart", (event) => (held[side(event)] = 1));
  session.addEventListener("selectend", (event) => (held[side(event)] = 0));
  hearer.began(layer.framebuffer);
  session.requestAnimationFrame(onFrame);
  told("shown");
};

const stateOf = (visibility) => ({ visible: "shown", "visible-blurred": "dimmed" })[visibility] ?? "hidden";

const end = () => {
  session = null;
  layer = null;
  space = null;
  hearer.ended();
  told("ended");
  offerAgain();
};

export const leave = () => session?.end().catch(() => {});

export const isIn = () => session !== null;

const putPose = (at, { position, orientation }) => {
  numbers[at] = position.x;
  numbers[at + 1] = position.y;
  numbers[at + 2] = position.z;
  numbers[at + 3] = orientation.x;
  numbers[at + 4] = orientation.y;
  numbers[at + 5] = orientation.z;
  numbers[at + 6] = orientation.w;
};

const putView = (view, count) => {
  const port = layer.getViewport(view);
  // An emulator without stereo has a second view without area, and some headsets have more than two.
  if (!port?.width || count === 2) return count;
  const at = HEAD + count * VIEW;
  const lens = view.projectionMatrix;
  numbers[at] = lens[0];
  numbers[at + 1] = lens[5];
  numbers[at + 2] = lens[8];
  numbers[at + 3] = lens[9];
  putPose(at + 4, view.transform);
  numbers[at + 11] = port.x;
  numbers[at + 12] = port.y;
  numbers[at + 13] = port.width;
  numbers[at + 14] = port.height;
  return count + 1;
};

const POINTING = { "tracked-pointer": 1, "transient-pointer": 1, gaze: 2, screen: 1 };

const putHand = (source, frame) => {
  const side = source.handedness === "left" ? 0 : 1;
  const at = HEAD + 2 * VIEW + side * HAND;
  // Two without a side: the first one that points keeps it.
  if (numbers[at] === 1) return;
  numbers[at] = POINTING[source.targetRayMode] ?? 0;
  const aim = frame.getPose(source.targetRaySpace, space);
  if (aim) {
    numbers[at + 1] = 1;
    putPose(at + 2, aim.transform);
  }
  const pad = source.gamepad;
  const value = (index) => pad?.buttons[index]?.value ?? 0;
  const lean = (index) => pad?.axes[index] || 0; // Undefined or NaN where a profile has none.
  numbers[at + 9] = Math.max(value(0), held[side]);
  numbers[at + 10] = value(1);
  numbers[at + 11] = lean(2) || lean(0);
  numbers[at + 12] = lean(3) || lean(1);
  let pressed = 0;
  const count = pad?.buttons.length ?? 0;
  for (let index = 0; index < count && index < 16; index += 1) if (pad.buttons[index].pressed) pressed |= 1 << index;
  numbers[at + 13] = pressed;
};

// One stored function: nothing is made anew with each frame.
const onFrame = (time, frame) => {
  if (!session) return;
  session.requestAnimationFrame(onFrame);
  const pose = frame.getViewerPose(space);
  numbers.fill(0, HEAD + 2 * VIEW);
  if (pose) {
    let count = 0;
    for (const view of pose.views) count = putView(view, count);
    numbers[0] = count;
    numbers[1] = pose.emulatedPosition ? 1 : 2;
    putPose(2, pose.transform);
  } else {
    numbers[1] = 0; // What was seen last stays, and is dimmed.
  }
  numbers[9] = session.environmentBlendMode && session.environmentBlendMode !== "opaque" ? 1 : 0;
  numbers[10] = time / 1000;
  numbers[11] = recentred;
  if (session.visibilityState === "visible") for (const source of session.inputSources) putHand(source, frame);
  stir(pose);
  hearer.frame(numbers);
};

let [lastX, lastY, toldAt] = [0, 0, 0];

// A head that moves is a sign that somebody is there; the page hears of it once a second at most.
const stir = (pose) => {
  const { x, y } = pose?.transform.orientation ?? { x: lastX, y: lastY };
  if (Math.abs(x - lastX) + Math.abs(y - lastY) < 0.004) return;
  [lastX, lastY] = [x, y];
  const now = performance.now();
  if (now - toldAt > 1000) {
    toldAt = now;
    dispatchEvent(new Event("retrace:stirred"));
  }
};

export const pulse = (hand, strength, millis) => {
  for (const source of session?.inputSources ?? []) {
    if ((source.handedness === "left" ? 0 : 1) === hand) source.gamepad?.hapticActuators?.[0]?.pulse(strength, millis);
  }
};
