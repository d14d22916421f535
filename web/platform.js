// Doors of the browser that have no stable binding in Rust. Each does one thing and decides nothing.

// Runs `task` while no other tab of this installation holds `name`; without Web Locks, at once.
export const alone = (name, task) => (navigator.locks ? navigator.locks.request(name, task) : task());

// Asks that the browser not clear this device's records by itself.
export const persist = async () => (navigator.storage?.persist ? navigator.storage.persist() : false);

// Deletes the caches whose names do not start with `kept`.
export const dropCaches = async (kept) => {
  if (!("caches" in self)) return;
  for (const name of await caches.keys()) if (!name.startsWith(kept)) await caches.delete(name);
};

let drawn = null;

// The scene's canvas with its graphics context; null where the browser gives none. Whoever asks this canvas again is given
// the same context, so that a slow phone makes one and not two.
export const sceneCanvas = () => {
  try {
    if (!drawn || drawn.getContext("webgl2").isContextLost()) {
      const canvas = document.createElement("canvas");
      drawn = canvas.getContext("webgl2", { antialias: false, depth: false, stencil: false }) && canvas;
    }
    return drawn;
  } catch {
    return null;
  }
};

const preload = (address) => {
  const link = document.createElement("link");
  Object.assign(link, { rel: "preload", as: "fetch", crossOrigin: "anonymous", href: address });
  document.head.append(link);
};

let program = null;

// Begins to fetch the scene's program, once, however often it is asked to.
export const fetchProgram = (app) => {
  program ??= [import(`${app}companion.js`), fetch(`${app}companion_bg.wasm`)];
  for (const part of program) part.catch(() => {}); // Said by whoever starts it.
  return program;
};

// Fetches the scene's program and starts it. The response itself goes to the compiler, so that the browser can keep the
// compiled code; a clone of it is counted.
// `first` are the addresses of what the program asks for as soon as it runs: once its own last byte is there the line is
// free, and they come while it is made ready.
export const startCompanion = async (app, first, counted) => {
  const [module, response] = await Promise.all(fetchProgram(app));
  if (!response.ok) throw new Error(`companion_bg.wasm: ${response.status}`);
  const plain = !response.headers.get("content-encoding");
  const total = plain ? Number(response.headers.get("content-length") ?? 0) : 0;
  const reader = response.clone().body.getReader();
  const count = async () => {
    for (let loaded = 0; ; ) {
      const { done, value } = await reader.read();
      if (done) return first.split(" ").filter(Boolean).forEach(preload);
      loaded += value.byteLength;
      counted(loaded, total);
    }
  };
  count().catch(() => {}); // A broken stream is reported by the compiler.
  await module.default({ module_or_path: response });
};

// Keeps the screen lit until the returned function is called; null where the browser cannot or will not.
export const keepLit = async () => {
  try {
    const lock = await navigator.wakeLock.request("screen");
    return () => lock.release();
  } catch {
    return null;
  }
};

// Puts title and controls of a narration that plays on the lock screen.
export const announce = (title, album, play, pause) => {
  if (!navigator.mediaSession) return;
  const artwork = [{ src: "/icons/icon-512.png", sizes: "512x512", type: "image/png" }];
  navigator.mediaSession.metadata = new MediaMetadata({ title, album, artwork });
  navigator.mediaSession.setActionHandler("play", play);
  navigator.mediaSession.setActionHandler("pause", pause);
  navigator.mediaSession.playbackState = "playing";
};

export const hush = () => {
  if (navigator.mediaSession?.metadata) navigator.mediaSession.playbackState = "paused";
};

export const canScan = () => "BarcodeDetector" in self && Boolean(navigator.mediaDevices?.getUserMedia);

// Reads plaque codes with the camera into `video` until `read` answers true or the returned function is called.
export const scan = async (video, read) => {
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  let over = false;
  const stop = () => {
    over = true;
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
    video.hidden = true;
  };
  video.srcObject = stream;
  video.hidden = false;
  try {
    await video.play();
  } catch (fault) {
    stop(); // A picture that nobody sees must not keep the camera on.
    throw fault;
  }
  const look = async () => {
    if (over) return;
    for (const code of await detector.detect(video).catch(() => [])) if (read(code.rawValue)) return stop();
    setTimeout(look, 250);
  };
  look();
  return stop;
};

// Offers `text` as a file to keep.
export const save = (name, text) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
};

// Follows the device's position; calls `found(lat, lon, accuracy, at)` or `lost(code)`. Returns what ends it.
export const follow = (found, lost) => {
  const id = navigator.geolocation.watchPosition(
    ({ coords, timestamp }) => found(coords.latitude, coords.longitude, coords.accuracy, timestamp),
    ({ code }) => lost(code),
    { enableHighAccuracy: true, maximumAge: 0, timeout: 60_000 },
  );
  return () => navigator.geolocation.clearWatch(id);
};

export const canFollow = () => "geolocation" in navigator;

// Tells the service worker what to keep for times without a network.
export const keepOffline = (app, root, scene) => {
  const keep = scene ? [`${app}companion.js`, `${app}companion_bg.wasm`] : [];
  navigator.serviceWorker?.controller?.postMessage({ keep, root });
};
