// Keeps what a visitor has opened, so that it opens again without a network. Never touches the record: /v1, /desk and signing in pass by.
const APP = "__APP__";
const SHELL = __SHELL__;

// Signing out deletes every cache but the shell, which is the same for everybody.
const SHELL_CACHE = `retrace-shell-${APP}`;
const PAGES_CACHE = "retrace-pages";
const SITES_CACHE = "retrace-sites";

const PASS_BY = ["/v1/", "/desk", "/admin", "/sign-in/", "/account", "/healthz", "/readyz", "/metrics"];
const isScene = (path) => path.includes("/companion");
const isKiosk = (path) => path.includes("/kiosk");

addEventListener("install", (event) => {
  // The scene's program is large: it is kept once it has been used. A kiosk's is for halls alone.
  const needed = SHELL.filter((address) => !isScene(address) && !isKiosk(address) && !address.endsWith(".br"));
  event.waitUntil(caches.open(SHELL_CACHE).then((cache) => cache.addAll(needed)));
});

// A new worker waits until no page of the old one is open, so that an open visit keeps the program it began with.
addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith("retrace-shell-") && name !== SHELL_CACHE) await caches.delete(name);
      }
      await clients.claim();
      const pages = await caches.open(PAGES_CACHE);
      for (const client of await clients.matchAll({ type: "window" })) {
        await pages.add(client.url.split("#")[0]).catch(() => {});
      }
    })(),
  );
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (PASS_BY.some((path) => url.pathname.startsWith(path))) return;
  if (url.pathname.startsWith("/app/")) {
    // Left to the browser while there is a network: it then keeps the compiled program beside the response.
    if (isScene(url.pathname) && navigator.onLine) return;
    event.respondWith(cacheFirst(request, SHELL_CACHE));
  } else if (url.pathname.startsWith("/sites/")) {
    event.respondWith(request.headers.has("range") ? stretch(request) : cacheFirst(request, SITES_CACHE));
  } else {
    event.respondWith(networkFirst(request));
  }
});

// Addresses with a digest in them never change what they name.
async function cacheFirst(request, name) {
  const known = await caches.match(request.url, { ignoreVary: true });
  if (known) return known;
  const response = await fetch(request);
  if (response.status === 200) {
    const copy = response.clone();
    caches.open(name).then((cache) => cache.put(request.url, copy)).catch(() => {});
  }
  return response;
}

// Players ask for stretches of a clip. The first request fetches the whole clip, which every later stretch is cut from.
async function stretch(request) {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("range")) ?? [];
  const known = await caches.match(request.url, { ignoreVary: true });
  if (!known) return from === "0" && to === "" ? cacheFirst(new Request(request.url), SITES_CACHE) : fetch(request);
  if (from === undefined) return known;
  const whole = await known.arrayBuffer();
  const first = Number(from);
  const last = Math.min(to ? Number(to) : whole.byteLength - 1, whole.byteLength - 1);
  const headers = new Headers(known.headers);
  if (first > last) {
    return new Response(null, { status: 416, headers: { "content-range": `bytes */${whole.byteLength}` } });
  }
  headers.delete("content-encoding");
  headers.set("content-range", `bytes ${first}-${last}/${whole.byteLength}`);
  headers.set("content-length", String(last - first + 1));
  return new Response(whole.slice(first, last + 1), { status: 206, headers });
}

// Pages: what the service has now, or else what it had when this device last saw it.
async function networkFirst(request) {
  const cache = await caches.open(PAGES_CACHE);
  const address = request.url.split("#")[0];
  try {
    const response = await fetch(request);
    // What the service says is not to be kept names somebody.
    const isPrivate = response.headers.get("cache-control")?.includes("no-store");
    if (response.status === 200 && !response.redirected && !isPrivate) cache.put(address, response.clone()).catch(() => {});
    if (response.status < 500) return response;
    return (await cache.match(address, { ignoreVary: true })) ?? response;
  } catch (fault) {
    const known = await cache.match(address, { ignoreVary: true });
    if (known) return known;
    if (request.mode !== "navigate") throw fault;
    return notKept(new URL(address).pathname);
  }
}

async function notKept(path) {
  const lang = path.startsWith("/en/") ? "en" : "zh";
  const [title, text, back] =
    lang === "en"
      ? ["No network", "This page has not been opened on this device before, so it is not kept here. Records that wait are safe.", "To the sites"]
      : ["没有网络", "这一页以前没有在这台设备上打开过，所以没有存下。待传的记录都在。", "回到遗址列表"];
  const html = `<!doctype html><html lang="${lang === "en" ? "en" : "zh-Hans"}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><link rel="stylesheet" href="${APP}style.css"><body><main><h1>${title}</h1><p>${text}</p><p><a class="button" href="/${lang}/">${back}</a></p></main></body></html>`;
  return new Response(html, { status: 503, headers: { "content-type": "text/html; charset=utf-8" } });
}

// What the lobby tells: the scene has run and is to be kept; a site's files have a new address.
addEventListener("message", (event) => {
  const { keep = [], root } = event.data ?? {};
  event.waitUntil(
    (async () => {
      const shell = await caches.open(SHELL_CACHE);
      for (const address of keep) {
        if (address.startsWith(APP) && !(await shell.match(address))) await shell.add(new Request(address, { cache: "force-cache" }));
      }
      if (root) await dropOldEdition(root);
    })().catch(() => {}),
  );
});

async function dropOldEdition(root) {
  // Another open page may still be reading the old files.
  if ((await clients.matchAll({ type: "window" })).length > 1) return;
  const site = root.split("/").slice(0, 3).join("/");
  const cache = await caches.open(SITES_CACHE);
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith(`${site}/`) && !pathname.startsWith(root)) await cache.delete(request);
  }
}
