// On the ground: the geofence's trace files replayed through the browser's own position, consent, refusal and a shifted datum.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { CHECKPOINT, PHONE, ROOT, openBrowser, startService, visitor } from './harness.mjs';
import { answer, bringIntoView, complete, counted, hook, live, people, progress, readFor, sent, signIn } from './steps.mjs';

let service, browser;
before(async () => {
  service = await startService();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await service?.stop();
});

/** A trace as `[{ seconds, latitude, longitude, accuracy }]`. */
function trace(name) {
  const rows = readFileSync(join(ROOT, `tests/traces/${name}.csv`), 'utf8').split('\n');
  return rows.filter((row) => /^[0-9]/.test(row)).map((row) => {
    const [seconds, latitude, longitude, accuracy] = row.split(',').map(Number);
    return { seconds, latitude, longitude, accuracy };
  });
}

/** Plays fixes through the browser's geolocation while the page's clock runs as long as they took. */
async function walk(page, fixes) {
  let before = fixes[0].seconds;
  for (const { seconds, ...position } of fixes) {
    await page.clock.runFor((seconds - before) * 1000);
    before = seconds;
    const heard = await page.evaluate(() => globalThis.fixesHeard);
    await page.context().setGeolocation(position);
    await page.waitForFunction((count) => globalThis.fixesHeard > count, heard, { timeout: 5000 });
  }
}

/** The code on the plaque of `station`, as the hall's own command prints it. */
function plaque(station) {
  const args = ['plaques', '--content', join(ROOT, 'target/private'), '--database', `sqlite:${join(service.folder, 'retrace.db')}`];
  return execFileSync(CHECKPOINT, args, { encoding: 'utf8' }).match(new RegExp(`(\\S+)\\s+luding/${station}\\s`))[1];
}

/** Counts the fixes that the browser hands to the page, so that the replay waits for each. */
function countFixes() {
  globalThis.fixesHeard = 0;
  const watch = Geolocation.prototype.watchPosition;
  Geolocation.prototype.watchPosition = function (heard, ...more) {
    return watch.call(this, (fix) => { heard(fix); globalThis.fixesHeard += 1; }, ...more);
  };
}

async function onFoot(options = { permissions: ['geolocation'] }) {
  const guest = await visitor(browser, service, PHONE, options);
  await guest.page.clock.install();
  await guest.page.addInitScript(countFixes);
  return guest;
}

test('the phone in hand is told where it is, and a station proved by its fixes counts', async () => {
  const { page, leave } = await onFoot();
  await signIn(page, 'zh', people(service).learner[0]);
  const fixes = trace('clean-walk');
  await page.context().setGeolocation({ latitude: fixes[0].latitude, longitude: fixes[0].longitude, accuracy: fixes[0].accuracy });
  await page.goto('/zh/luding/foot/');
  await live(page);
  assert.equal(await hook(page, 'foot-live').isVisible(), false, 'nothing is followed before consent');
  await hook(page, 'foot-begin').click();
  await page.waitForFunction(() => globalThis.fixesHeard > 0);
  await walk(page, fixes.slice(1, 33));
  const card = hook(page, 'card', '[data-station="west-bank"]');
  await card.waitFor();
  const text = card.locator('[data-hook="transcript"]').first();
  await bringIntoView(text);
  await page.mouse.move(10, 400);
  for (let slice = 0; slice < 3; slice += 1) {
    await page.clock.runFor(20_000);
    await page.mouse.move(10, 400 + slice);
  }
  await answer(page, 'west-bank');
  await complete(card);
  await sent(page);
  await counted(page, 'west-bank');
  await leave();
});

test('a phone that reports shifted map coordinates still arrives, and is told so', async () => {
  const { page, leave } = await onFoot();
  const fixes = trace('gcj02-phone');
  await page.context().setGeolocation({ latitude: fixes[0].latitude, longitude: fixes[0].longitude, accuracy: fixes[0].accuracy });
  await page.goto('/zh/luding/foot/');
  await live(page);
  await hook(page, 'foot-begin').click();
  await page.waitForFunction(() => globalThis.fixesHeard > 0);
  await walk(page, fixes.slice(1, 60));
  await hook(page, 'card', ':visible').first().waitFor();
  assert.match(await hook(page, 'foot-datum').innerText(), /GCJ-02/);
  await leave();
});

test('a position too poor to use is said to be, and no station begins', async () => {
  const { page, leave } = await onFoot();
  await page.context().setGeolocation({ latitude: 29.9145, longitude: 102.2299, accuracy: 180 });
  await page.goto('/en/luding/foot/');
  await live(page);
  await hook(page, 'foot-begin').click();
  await hook(page, 'foot-sure').filter({ hasText: '180' }).waitFor();
  assert.equal(await hook(page, 'card', ':visible').count(), 0);
  await leave();
});

test('far away, the page says so and nothing begins', async () => {
  const { page, leave } = await onFoot();
  await page.context().setGeolocation({ latitude: 30.66, longitude: 104.06, accuracy: 8 });
  await page.goto('/en/luding/foot/');
  await live(page);
  await hook(page, 'foot-begin').click();
  await hook(page, 'foot-where').filter({ hasText: /km/ }).or(hook(page, 'foot-next').filter({ hasText: /km/ })).first().waitFor();
  assert.equal(await hook(page, 'card', ':visible').count(), 0);
  await leave();
});

test('a refused position is answered in words, and the visit goes on without it', async () => {
  const { page, leave } = await onFoot({ permissions: [] });
  await page.goto('/zh/luding/foot/');
  await live(page);
  await hook(page, 'foot-begin').click();
  await hook(page, 'foot-said').or(hook(page, 'foot-where')).filter({ hasText: /铭牌/ }).first().waitFor();
  await hook(page, 'open-card', '[data-station="chains"]').click();
  await hook(page, 'card', '[data-station="chains"]').waitFor();
  await leave();
});

test('the code on the plaque proves a station without any position', async () => {
  const { page, leave } = await onFoot({ permissions: [] });
  await signIn(page, 'zh', people(service).learner[1]);
  await page.goto('/zh/luding/foot/');
  await live(page);
  const form = page.locator('form[data-hook="plaque"]');
  const enter = async (code) => {
    await form.locator('[data-hook="plaque-station"]').selectOption('deck');
    await form.locator('input[name="code"]').fill(code);
    await form.locator('button[type="submit"]').click();
  };
  await enter('BCDF');
  await form.locator('[data-hook="plaque-said"]').filter({ hasText: /\S/ }).waitFor();
  await enter(plaque('deck'));
  await page.locator('form[data-hook="plaque"][data-kept="true"]').waitFor();
  // The code opens the card of its station by itself.
  const card = hook(page, 'card', '[data-station="deck"]');
  await card.waitFor();
  for (const text of await card.locator('[data-hook="transcript"]').all()) {
    await bringIntoView(text);
    await readFor(page, 60);
  }
  await answer(page, 'deck');
  await complete(card);
  await counted(page, 'deck');
  const { walks: [{ stations }] } = await progress(page);
  const { reasons } = stations.find(({ station }) => station === 'deck');
  assert.ok(reasons.every(({ met }) => met), JSON.stringify(reasons));
  await leave();
});

// The camera and the browser's detector are the world outside; what they give is stood in for, what is done with it is not.
test('a plaque is read by the camera where the browser can, and typed where the camera is refused', async () => {
  const { page, leave } = await visitor(browser, service, PHONE);
  await page.addInitScript(() => {
    globalThis.BarcodeDetector = class {
      async detect() { return [{ rawValue: 'https://museum.example/p/bcdf-ghjk' }]; }
    };
    const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 64 });
    const draw = () => { canvas.getContext('2d').fillRect(0, 0, Math.random() * 64, 64); requestAnimationFrame(draw); };
    draw();
    globalThis.camera = async () => canvas.captureStream(10);
    navigator.mediaDevices.getUserMedia = () => globalThis.camera();
  });
  await page.goto('/zh/luding/foot/');
  await live(page);
  await page.evaluate(() => { globalThis.seen = globalThis.camera; globalThis.camera = async () => { throw new Error('refused'); }; });
  await hook(page, 'scan').click();
  await hook(page, 'plaque-said').filter({ hasText: '打不开相机' }).waitFor();
  await page.evaluate(() => { globalThis.camera = globalThis.seen; });
  await hook(page, 'scan').click();
  await page.waitForFunction(() => document.querySelector('#code').value === 'BCDFGHJK');
  await hook(page, 'scan-view').waitFor({ state: 'hidden' });
  await hook(page, 'plaque').locator('button[type="submit"]').click();
  await hook(page, 'plaque-said').filter({ hasText: '编码已记下' }).waitFor();
  await leave();
});

test('a narration that plays is named on the lock screen', async () => {
  const { page, leave } = await visitor(browser, service, PHONE);
  await page.goto('/zh/luding/deck/');
  await live(page);
  await hook(page, 'narration').first().evaluate((clip) => clip.play());
  await page.waitForFunction(() => navigator.mediaSession.metadata?.title && navigator.mediaSession.playbackState === 'playing');
  assert.equal(await page.evaluate(() => navigator.mediaSession.metadata.album), '泸定桥');
  await hook(page, 'narration').first().evaluate((clip) => clip.pause());
  await page.waitForFunction(() => navigator.mediaSession.playbackState === 'paused');
  await leave();
});
