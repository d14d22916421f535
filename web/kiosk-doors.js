// Doors of the browser that only a hall's kiosk needs. Each does one thing and decides nothing.

const MARK = "retrace.kiosk";

// Clears the page's plain storage but the kiosk's own mark, and every cookie that pages can see.
export const clearPlain = () => {
  try {
    sessionStorage.clear();
    for (const name of Object.keys(localStorage)) if (name !== MARK) localStorage.removeItem(name);
  } catch {
    // Where storage is refused there is nothing in it.
  }
  for (const pair of document.cookie.split("; ").filter(Boolean)) {
    document.cookie = `${pair.split("=")[0]}=; path=/; max-age=0`;
  }
};

// The mark tells boot.js which program to start.
export const markKiosk = (is) => (is ? localStorage.setItem(MARK, "1") : localStorage.removeItem(MARK));

export const battery = async () => {
  const state = await navigator.getBattery?.().catch(() => null);
  return state ? [Math.round(state.level * 100), state.charging] : null;
};

// What is fetched is kept by the service worker, the scene's program when it is told to. One after another: the hall's network
// is its visitors'.
export const keepAll = async (addresses, scene, kept) => {
  const worker = navigator.serviceWorker;
  if (!worker) return;
  await worker.ready;
  if (!worker.controller) await new Promise((claimed) => worker.addEventListener("controllerchange", claimed, { once: true }));
  worker.controller.postMessage({ keep: scene.split(" ") });
  let count = 0;
  for (const address of addresses.split(" ").filter(Boolean)) {
    const answer = await fetch(address).catch(() => null);
    if (answer?.ok) {
      await answer.arrayBuffer().catch(() => null);
      count += 1;
    }
    kept(count);
  }
};

export const basic = (number, key) => `Basic ${btoa(`${number}:${key}`)}`;
