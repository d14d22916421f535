// What a visitor does, step by step, in words that the tests share.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ROOT } from './harness.mjs';

const { site, keys } = JSON.parse(readFileSync(join(ROOT, 'target/private/luding.json')));
export const SITE = site;
export const KEYS = keys;
export const STATIONS = site.routes[0].stations;
export const RIGHT = new Map(keys.map((key) => [key.station, key.choice]));

/** The people that `--demo` printed, by role: `[{ code, pin, name }]`. */
export function people(service) {
  const rows = [...service.said.matchAll(/^\s*(trainer|learner)\s+(\S+)\s+(\d{6})\s+(\S.*)$/gm)];
  const all = rows.map(([, role, code, pin, name]) => ({ role, code, pin, name: name.trim() }));
  return { trainer: all.filter(({ role }) => role === 'trainer'), learner: all.filter(({ role }) => role === 'learner') };
}

/** The events of a whole walk by reading, the question of each station answered rightly; `dwell` is the time at each, seconds. */
export function wholeWalk({ dwell = 900 } = {}) {
  const device = crypto.randomUUID();
  const made = (kind) => ({ id: crypto.randomUUID(), captured_at_ms: Date.now() - 60_000, offset_ms: 60_000, device, kind });
  const events = STATIONS.flatMap((id) => {
    const station = SITE.stations.find((each) => each.id === id);
    const at = { site: SITE.id, station: id };
    const heard = station.points.map(({ id: point, zh_secs: secs }) => ({ point, ranges: [[0, secs]] }));
    return [
      made({ type: 'completed', ...at, route: SITE.routes[0].id, way: 'page', lang: 'zh', heard, read_secs: 0, dwell_secs: dwell, proof: { method: 'declared' } }),
      made({ type: 'answered', ...at, choice: RIGHT.get(id) }),
    ];
  });
  return events.map((event, index) => ({ ...event, sequence: index + 1 }));
}

export const hook = (page, name, more = '') => page.locator(`[data-hook="${name}"]${more}`);
export const live = (page) => page.waitForFunction(() => document.documentElement.dataset.lobby === 'live');

/** Signs in on the sign-in page and waits until the header says so. */
export async function signIn(page, lang, person) {
  await page.goto(`/${lang}/sign-in/`);
  await live(page);
  await enterCode(page, person);
  await hook(page, 'account').getByText(person.name).waitFor();
}

/** Fills in the sign-in page that is open and sends it. */
export async function enterCode(page, { code, pin }, press = 'click') {
  await page.locator('#code').fill(code);
  await page.locator('#pin').fill(pin);
  await hook(page, 'sign-in-go')[press]();
}

/** Signs a trainer in, who is led to the desk, and opens the learner's walk there. */
export async function openWalk(page, trainer, learner) {
  await page.goto('/zh/sign-in/');
  await live(page);
  await enterCode(page, trainer);
  await page.waitForURL(/\/desk\//);
  await page.getByRole('link', { name: new RegExp(learner.name) }).first().click();
  await page.waitForURL(/\/desk\/walks\//);
}

/** Decides on the walk that is open at the desk, and waits until the desk says that it stands. */
export async function decide(page, verdict, note) {
  await page.locator('textarea[name="note"]').first().fill(note);
  await page.locator(`button[value="${verdict}"]`).first().click();
  const code = { confirm: 'confirmed', return: 'returned' }[verdict];
  // The list, or the next walk that waits.
  await page.waitForURL((url) => (url.pathname === '/desk/' && url.searchParams.get(code) === '1') || url.searchParams.get('done') === code);
}

/** Lets `seconds` pass for a page whose clock was installed, with a sign of life often enough to count as reading. */
export async function readFor(page, seconds) {
  for (let left = seconds; left > 0; left -= 40) {
    await page.mouse.move(5 + (left % 7), 300 + (left % 11));
    await page.clock.runFor(Math.min(left, 40) * 1000);
  }
}

/** Brings a text into view and waits until the page's own observers have been told, so that the time that follows counts. */
export async function bringIntoView(text) {
  await text.scrollIntoViewIfNeeded();
  await text.evaluate((element) => new Promise((told) => {
    // Observers are told in the order in which they were made: when this one hears, the page's has heard.
    new IntersectionObserver((_, observer) => { observer.disconnect(); told(); }).observe(element);
  }));
}

/** Seconds of narration at a station. */
export const narrationSecs = (station, lang) =>
  site.stations.find(({ id }) => id === station).points.reduce((sum, point) => sum + point[`${lang}_secs`], 0);

/** What this device keeps of a visit, e.g. `luding/chains`; null where it keeps nothing. */
export const keptVisit = (page, key) => page.evaluate((name) => new Promise((done, failed) => {
  const opening = indexedDB.open('retrace');
  opening.onerror = failed;
  opening.onsuccess = () => {
    const reading = opening.result.transaction('visits').objectStore('visits').get(name);
    reading.onerror = failed;
    reading.onsuccess = () => { opening.result.close(); done(JSON.parse(reading.result ?? 'null')); };
  };
}), key);

/** Answers the recall question, rightly unless told otherwise, and waits until it is judged, or noted where it cannot be. */
export async function answer(page, station, { right = true, press = 'click' } = {}) {
  const form = hook(page, 'question', `[data-station="${station}"]`);
  const choice = right ? RIGHT.get(station) : (RIGHT.get(station) + 1) % 3;
  await form.locator('label.choice').nth(choice)[press]();
  await form.locator('button[type="submit"]')[press]();
  await judged(form);
}

/** Waits until the answer sent from `form` is judged, or noted where it cannot be. */
export async function judged(form) {
  await form.locator('[data-hook="grade"]:is([data-right="true"], [data-right="false"], [data-right="pending"])').waitFor();
}

/** Opens a station's page, reads every text long enough, answers, completes. The page's clock must be installed. */
export async function completeByReading(page, lang, station) {
  await page.goto(`/${lang}/luding/${station}/`);
  await live(page);
  const texts = hook(page, 'transcript');
  const share = narrationSecs(station, lang) / (await texts.count());
  for (let index = 0; index < (await texts.count()); index += 1) {
    await bringIntoView(texts.nth(index));
    await readFor(page, Math.ceil(share * 0.85) + 4);
  }
  await answer(page, station);
  await complete(page);
  await page.locator(`.station-head[data-state="done"], .station-head[data-state="confirmed"]`).waitFor();
}

/**
 * Waits until nothing waits to be sent. The header is asked, and the store behind it: the header is also empty until it
 * has been told of what was just done.
 */
export const sent = (page) => until(page, async () => {
  const known = await indexedDB.databases();
  if (!known.some(({ name }) => name === 'retrace')) return false;
  const waiting = await new Promise((told, failed) => {
    const opened = indexedDB.open('retrace');
    opened.onerror = () => failed(opened.error);
    opened.onsuccess = () => {
      const count = opened.result.transaction('outbox').objectStore('outbox').count();
      count.onsuccess = () => { opened.result.close(); told(count.result); };
    };
  });
  return waiting === 0 && document.querySelector('[data-hook="outbox"]').hidden;
});

/** What the service holds for the person signed in on this page. */
export const progress = (page) => page.evaluate(async () => (await fetch('/v1/me/progress')).json());

/**
 * Asks the page until `what` gives something true, and gives that. The page may answer by a promise, which
 * Playwright's own `waitForFunction` takes for a true value at once. A page that goes while it is asked is asked again as
 * the page that follows.
 */
export async function until(page, what, argument, { seconds = 30 } = {}) {
  for (const end = Date.now() + seconds * 1000; ;) {
    const found = await page.evaluate(what, argument).catch((fault) => {
      if (!/context was destroyed/.test(fault.message)) throw fault;
    });
    if (found) return found;
    if (Date.now() > end) throw new Error(`in ${seconds} s this did not come true: ${what} (${JSON.stringify(argument)})`);
    await pause(150);
  }
}

/** Waits until the service counts the station, and says what it holds when it never does. */
export async function counted(page, station) {
  const wait = until(page, async (wanted) => {
    const { walks } = await (await fetch('/v1/me/progress')).json();
    return walks[0]?.stations.find(({ station: id }) => id === wanted)?.met;
  }, station);
  await wait.catch(async () => { throw new Error(`${station} does not count: ${JSON.stringify(await progress(page))}`); });
}

/** Completes the station shown in `place` once it can be, and waits until that is written down. */
export async function complete(place, press = 'click') {
  await place.locator('[data-hook="complete"]:enabled').waitFor({ timeout: 90_000 });
  await place.locator('[data-hook="complete"]')[press]();
  await place.locator('[data-hook="complete"][data-state="done"]').waitFor();
}

/** Tells the scene something, as the page would. */
export const tell = (page, told) => page.evaluate((detail) => dispatchEvent(new CustomEvent('retrace:told', { detail })), JSON.stringify(told));

/** Waits until the scene stands at `station`, in `era` if one is named, and nothing moves. */
export const standing = (page, station, era, { seconds = 60 } = {}) => until(page, async (wanted) => {
  const { probe } = await import(`${document.body.dataset.app}companion.js`);
  const now = JSON.parse(probe());
  const { width, height } = document.querySelector('#scene-canvas').getBoundingClientRect();
  // A card that closed has changed the canvas's size; until a frame is drawn in it, the old one is stretched.
  const fits = Math.abs(now.canvas.width - width) < 2 && Math.abs(now.canvas.height - height) < 2;
  return fits && now.settled && now.here === wanted.station && (wanted.era ?? now.era) === now.era;
}, { station, era }, { seconds });
