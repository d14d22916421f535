// What a visitor does in the scene, in words that the tests share.
import { setTimeout as pause } from 'node:timers/promises';
import { LAPTOP } from './harness.mjs';
import { hook, live, narrationSecs } from './steps.mjs';

export const SMALL = { ...LAPTOP, viewport: { width: 640, height: 400 } };
/** Wide enough for the card to stand beside the view and to be read there, small enough for a software renderer. */
export const DESK = { ...LAPTOP, viewport: { width: 960, height: 600 } };
// What a software renderer prints of its own slowness is no fault of the page.
export const SLOW_RENDERER = [/GL Driver Message/, /GPU stall/];

/**
 * Puts the page's clock into the test's hands, but for the frames: those still come when the browser has drawn the last
 * one. Frames by a clock of the test's own would be asked for faster than a software renderer draws, without end.
 */
export async function holdClock(page) {
  const context = page.context();
  await context.addInitScript(() => {
    globalThis.ownFrames = { ask: globalThis.requestAnimationFrame, cancel: globalThis.cancelAnimationFrame };
  });
  await page.clock.install();
  await context.addInitScript(() => {
    globalThis.requestAnimationFrame = globalThis.ownFrames.ask;
    globalThis.cancelAnimationFrame = globalThis.ownFrames.cancel;
  });
}

/** What the scene shows at this moment, in numbers. */
export const probe = (page) => page.evaluate(async () => JSON.parse((await import(`${document.body.dataset.app}companion.js`)).probe()));

/** Waits until `holds` is true of what the scene shows, and gives that. */
export async function when(page, holds, { seconds = 120 } = {}) {
  for (const end = Date.now() + seconds * 1000; ;) {
    const now = await probe(page);
    if (holds(now)) return now;
    if (Date.now() > end) throw new Error(`in ${seconds} s this did not come true: ${holds}; the scene shows ${JSON.stringify(now)}`);
    await pause(100);
  }
}

/** Waits until the scene has drawn so many more frames. */
export async function frames(page, count) {
  const { frame } = await probe(page);
  return when(page, (now) => now.frame >= frame + count);
}

/** Opens the scene's page, at a station if one is named, and enters. */
export async function enter(page, lang, station = '') {
  await page.goto(`/${lang}/luding/scene/${station && `#${station}`}`);
  await live(page);
  await hook(page, 'enter').click();
  await settled(page);
}

/** Waits until the scene can be walked and has found the tier that this machine can draw. */
export async function settled(page) {
  await page.locator('[data-hook="stage"][data-state="ready"]').waitFor({ timeout: 120_000 });
  await page.locator('[data-hook="stage"][data-tier]').waitFor({ timeout: 120_000 });
}

export const cardOf = (page, station) => hook(page, 'card', `[data-station="${station}"]`);

/** Waits until the visitor has come to `station` and its card has opened. */
export async function arrived(page, station) {
  await when(page, ({ here }) => here === station);
  await cardOf(page, station).waitFor();
}

/**
 * Reads all that is told on the open card of `station` for as long as counts, by a clock held with `holdClock`. `show`
 * brings a text into view, `sign` gives a sign of life.
 */
export async function readCard(page, lang, station, show, sign) {
  const texts = cardOf(page, station).locator('[data-hook="transcript"]');
  const count = await texts.count();
  const secs = Math.ceil((narrationSecs(station, lang) / count) * 0.85) + 4;
  for (let index = 0; index < count; index += 1) {
    await show(texts.nth(index));
    for (let gone = 0; gone < secs; gone += 2) {
      if (gone % 40 === 0) await sign(texts.nth(index));
      await page.clock.fastForward(2000);
    }
  }
}

/** Fingers on the glass, each under a number of its own, as the browser's own touch input. */
export async function fingers(page) {
  const session = await page.context().newCDPSession(page);
  const down = new Map();
  const send = (type) => session.send('Input.dispatchTouchEvent', {
    type, touchPoints: [...down].map(([id, [x, y]]) => ({ id, x, y })),
  });
  return {
    put: async (id, x, y) => { down.set(id, [x, y]); await send('touchStart'); },
    move: async (id, x, y) => { down.set(id, [x, y]); await send('touchMove'); },
    // A finger that is missing from the points has been lifted.
    lift: async (id) => { down.delete(id); await send(down.size ? 'touchMove' : 'touchEnd'); },
  };
}
