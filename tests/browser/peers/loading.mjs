// G3 to G6: how long until there is something to read, and until the scene is there; first and second visit.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PHONE, openProfile } from '../harness.mjs';
import { NETWORKS, OURS, addressOf, open, when, windowOf } from './visit.mjs';

/** Seconds in which a page that has been read or a scene that is open must stay as it is. */
const QUIET_SECS = 3;
/** How long a scene that is open may take to fetch the rest and to keep it, seconds. */
const SETTLING_SECS = 8;

/** G3: largest contentful paint of a page with poster and title, ours the site's page; seconds. */
export async function readable({ browser, url, pages }, side) {
  const address = side === OURS ? '/zh/luding/' : pages[side].first;
  const { context, page } = await open(browser, url, address, { network: NETWORKS.slow, slower: 4, window: PHONE });
  await page.waitForFunction(() => {
    const poster = document.querySelector('img[src*="poster"]');
    return document.readyState !== 'loading' && poster?.complete && globalThis.bench.shown.length;
  }, null, { timeout: 120_000, polling: 200 });
  await pause(QUIET_SECS * 1000);
  const shown = await page.evaluate(() => globalThis.bench.shown);
  await context.close();
  return { value: shown.at(-1).at / 1000, shown };
}

/** G4, G5: from the navigation to the third frame with the whole first level in it, from when input is taken; seconds. */
export async function opened({ browser, url, pages }, side, { network }) {
  const { context, page } = await open(browser, url, addressOf(side, pages, 'first'), { network: NETWORKS[network], slower: 4, window: windowOf(side) });
  const at = await when(page, 'ready', { seconds: 300 });
  const told = await page.evaluate(() => ({
    entered: globalThis.bench.entered, tasks: globalThis.bench.tasks,
    fetched: performance.getEntriesByType('resource').map(({ name, requestStart, responseStart, responseEnd, encodedBodySize }) =>
      [new URL(name).pathname, Math.round(requestStart), Math.round(responseStart), Math.round(responseEnd), encodedBodySize]),
  }));
  await context.close();
  return { value: at / 1000, ...told };
}

/** A way to the service that counts what goes through it, since a service worker's own requests pass every page by. */
async function counting(url) {
  const { hostname, port } = new URL(url);
  const count = { bytes: 0, asked: [] };
  const sockets = new Set();
  const server = createServer((client) => {
    const behind = connect(Number(port), hostname);
    for (const [from, to] of [[client, behind], [behind, client]]) {
      sockets.add(from);
      from.on('data', (chunk) => {
        count.bytes += chunk.length;
        if (from === client) count.asked.push(...[...chunk.toString('latin1').matchAll(/^[A-Z]+ (\S+) HTTP/gm)].map(([, path]) => path));
      });
      from.on('error', () => to.destroy());
      from.pipe(to);
    }
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${server.address().port}`, count,
    close: () => { sockets.forEach((socket) => socket.destroy()); server.close(); },
  };
}

/** Waits until nothing has gone through for a while. */
async function quiet({ count }) {
  for (let before = -1; before !== count.bytes; await pause(QUIET_SECS * 1000)) before = count.bytes;
}

/** G6: the second visit of a browser that was closed in between; seconds, and bytes both ways. */
export async function again({ url, pages }, side) {
  const way = await counting(url);
  const profile = mkdtempSync(join(tmpdir(), 'retrace-profile-'));
  const visit = async () => {
    const context = await openProfile(profile, { ...windowOf(side), baseURL: way.url, bypassCSP: true });
    try {
      const before = way.count.bytes;
      way.count.asked = [];
      const { page } = await open(null, way.url, addressOf(side, pages, 'first'), { context });
      const at = await when(page, 'ready');
      // What is kept for the next visit is fetched once the scene is open.
      await pause(SETTLING_SECS * 1000);
      await quiet(way);
      return { at, bytes: way.count.bytes - before, asked: way.count.asked };
    } finally {
      await context.close();
    }
  };
  try {
    await visit();
    const { at, bytes, asked } = await visit();
    return { value: at / 1000, bytes, asked };
  } finally {
    way.close();
    rmSync(profile, { recursive: true, force: true });
  }
}
