// On the ground: the geofence's trace files replayed through the browser's own position, consent, refusal and a shifted datum.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CHECKPOINT, PHONE, ROOT, openBrowser, opened, visitor } from './harness.mjs';
import { SITE, answer, bringIntoView, complete, counted, hook, keptVisit, live, people, progress, readFor, sent, signIn } from './steps.mjs';

const { service, browser } = await opened();

/** A trace as `[{ seconds, latitude, longitude, accuracy }]`, with what its head expects. */
function trace(name) {
  const rows = readFileSync(join(ROOT, `tests/traces/${name}.csv`), 'utf8').split('\n');
  const fixes = rows.filter((row) => /^[0-9]/.test(row)).map((row) => {
    const [seconds, latitude, longitude, accuracy] = row.split(',').map(Number);
    return { seconds, latitude, longitude, accuracy };
  });
  const expected = (what) => rows.map((row) => row.match(new RegExp(`^# expect ${what}: (.*)`))?.[1]).find(Boolean);
  const [, station, least, most] = rows.join('\n').match(/^# expect dwell (\S+): (\d+) to (\d+)/m) ?? [];
  return Object.assign(fixes, { arrived: expected('arrived').split(' '), ignored: Number(expected('ignored')), dwell: { station, least, most } });
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

/** Opens the page on foot and agrees, with the first of `fixes` as the phone's position. */
async function follow(page, lang, fixes) {
  const [{ seconds, ...position }] = fixes;
  await page.context().setGeolocation(position);
  await page.goto(`/${lang}/luding/foot/`);
  await live(page);
  await hook(page, 'foot-begin').click();
  await page.waitForFunction(() => globalThis.fixesHeard > 0);
}

const clip = (page, point) => page.locator(`audio[data-point="${point}"]`);
/** Waits until the voice of `point` is heard. */
const speaking = (page, point) => page.waitForFunction((name) => {
  const voice = document.querySelector(`audio[data-point="${name}"]`);
  return !voice.paused && voice.currentTime > 0;
}, point);
/** Brings the voice of `point` to its end, as listening to it would. */
const end = (page, point) => clip(page, point).evaluate((voice) => new Promise((ended) => {
  voice.addEventListener('ended', ended, { once: true });
  voice.currentTime = voice.duration - 0.2;
}));
const silent = (page) => page.evaluate(() => [...document.querySelectorAll('audio')].every((voice) => voice.paused));
const card = (page, station) => hook(page, 'card', `[data-station="${station}"]`);

test('the phone in hand is told where it is, and a station proved by its fixes counts', async () => {
  const { context, page, leave } = await onFoot();
  const said = [];
  context.on('request', (request) => said.push({ url: request.url(), body: request.postData() ?? '' }));
  await signIn(page, 'zh', people(service).learner[0]);
  await page.goto('/zh/luding/foot/');
  await live(page);
  assert.equal(await hook(page, 'foot-live').isVisible(), false, 'nothing is followed before consent');
  const fixes = trace('clean-walk').slice(0, 53);
  await follow(page, 'zh', fixes);
  await walk(page, fixes.slice(1));
  const there = card(page, 'west-bank');
  await there.waitFor();
  await bringIntoView(there.locator('[data-hook="transcript"]').first());
  await page.mouse.move(10, 400);
  for (let slice = 0; slice < 3; slice += 1) {
    await page.clock.runFor(20_000);
    await page.mouse.move(10, 400 + slice);
  }
  await answer(page, 'west-bank');
  await complete(there);
  await sent(page);
  await counted(page, 'west-bank');
  const events = said.filter(({ url }) => url.endsWith('/v1/events')).flatMap(({ body }) => JSON.parse(body).events);
  const { way, proof } = events.find(({ kind }) => kind.type === 'completed').kind;
  assert.equal(way, 'foot');
  const { accuracy_m, dwell_secs, fixes: count, distinct, trace: digest, ...rest } = proof;
  assert.deepEqual(rest, { method: 'fix', ignored: 0, jumps: 0, datum: 'wgs84' });
  assert.match(digest, /^[0-9a-f]{32}$/);
  assert.ok(accuracy_m >= 4 && accuracy_m <= 6, `accuracy ${accuracy_m}`);
  assert.ok(count >= 20 && count <= 30, `${count} fixes`);
  assert.ok(distinct > 1 && distinct <= count, `${distinct} positions: a hand is never quite still`);
  assert.ok(dwell_secs >= 2 * (count - 1) - 1 && dwell_secs <= 2 * count + 10, `dwell ${dwell_secs}`);
  const where = /l(at|ng|on)(itude|_deg)?"|29\.91\d|102\.2[23]\d/;
  assert.deepEqual(said.filter(({ url, body }) => where.test(url) || where.test(body)), [], 'no position leaves the phone');
  await leave();
});

test('a story begins on arrival, and the stations reached meanwhile are told after it', async () => {
  const { page, leave } = await onFoot();
  const fixes = trace('clean-walk');
  const until = (seconds) => fixes.findIndex((fix) => fix.seconds > seconds);
  await follow(page, 'zh', fixes);
  await walk(page, fixes.slice(1, until(100)));
  await speaking(page, 'place');
  assert.ok(await card(page, 'west-bank').isVisible());
  await walk(page, fixes.slice(until(100), until(130)));
  await hook(page, 'foot-said').filter({ hasText: '现在在：西桥亭。这一段讲完后接着讲' }).waitFor();
  assert.ok(await card(page, 'west-bank').isVisible(), 'the card of what is told stays');
  await end(page, 'place');
  await speaking(page, 'built');
  assert.ok(await card(page, 'west-pavilion').isVisible());
  await hook(page, 'foot-said').filter({ hasText: '正在讲：西桥亭' }).waitFor();
  await end(page, 'built');
  await speaking(page, 'anchors');
  // Held by hand, the voice is not talked over until its station is left.
  await clip(page, 'anchors').evaluate((voice) => voice.pause());
  await walk(page, fixes.slice(until(130), until(210)));
  await hook(page, 'foot-said').filter({ hasText: '讲解停着，按播放键继续' }).waitFor();
  assert.ok(await silent(page));
  await walk(page, fixes.slice(until(210), until(250)));
  await speaking(page, 'thirteen-chains');
  await leave();
});

test('a station of two accounts is told to its end', async () => {
  const { page, leave } = await onFoot();
  await follow(page, 'en', [{ latitude: 29.9145, longitude: 102.22996, accuracy: 5 }]);
  await speaking(page, 'river');
  await end(page, 'river');
  await speaking(page, 'crossing');
  assert.ok(await card(page, 'mid-span').isVisible());
  assert.equal(await clip(page, 'river').evaluate((voice) => voice.paused), true);
  await hook(page, 'foot-stop').click();
  await end(page, 'crossing');
  assert.ok(await silent(page), 'nothing begins by itself once following has stopped');
  await leave();
});

for (const name of ['urban-drift', 'tunnel-gap', 'teleporting-mock']) {
  test(`a walk as in ${name} is summed up as the domain does`, async () => {
    const { page, leave } = await onFoot();
    const fixes = trace(name);
    const { station, least, most } = fixes.dwell;
    await page.addInitScript(() => addEventListener('DOMContentLoaded', () => {
      globalThis.words = [];
      const hear = () => globalThis.words.push(...[...document.querySelectorAll('[data-hook^="foot-"]')].map((line) => line.textContent));
      new MutationObserver(hear).observe(document.body, { subtree: true, childList: true, characterData: true });
    }));
    await follow(page, 'zh', fixes);
    const clock = () => page.evaluate(() => performance.now() / 1000);
    const begun = await clock();
    await walk(page, fixes.slice(1));
    // The page's clock also runs while the browser works; by so much a stay may be longer than the trace has it.
    const more = (await clock()) - begun - (fixes.at(-1).seconds - fixes[0].seconds);
    await page.clock.runFor(5000);
    const { proof } = await keptVisit(page, `luding/${station}`);
    assert.equal(proof.method, 'fix');
    assert.equal(proof.datum, 'wgs84');
    assert.equal(proof.ignored, fixes.ignored);
    assert.ok(proof.dwell_secs >= least && proof.dwell_secs <= Number(most) + more, `${proof.dwell_secs} s, not ${least} to ${most}`);
    const words = (await page.evaluate(() => [...new Set(globalThis.words)])).join('\n');
    for (const one of fixes.arrived) {
      const { zh } = SITE.stations.find(({ id }) => id === one).title;
      assert.match(words, new RegExp(`您在：.*${zh}`), 'the page says where the phone is');
    }
    assert.equal(/一下子移动/.test(words), name === 'teleporting-mock');
    assert.equal(proof.jumps > 0, name === 'teleporting-mock');
    assert.equal(/超过 50 米，未采用/.test(words), name === 'urban-drift');
    await leave();
  });
}

test('the screen may dim again once following stops or is refused, and the page says no more of it', async () => {
  const { context, page, leave } = await onFoot();
  await page.addInitScript(() => {
    globalThis.lights = 0;
    WakeLock.prototype.request = async () => {
      globalThis.lights += 1;
      return { release: async () => { globalThis.lights -= 1; } };
    };
  });
  const lit = () => page.evaluate(() => globalThis.lights);
  await follow(page, 'zh', [{ latitude: 29.9145, longitude: 102.2299, accuracy: 8 }]);
  await hook(page, 'foot-screen').filter({ hasText: '屏幕会保持点亮' }).waitFor();
  assert.equal(await lit(), 1);
  await hook(page, 'foot-stop').click();
  assert.equal(await lit(), 0);
  assert.equal(await hook(page, 'foot-screen').innerText(), '');
  await context.clearPermissions();
  await hook(page, 'foot-begin').click();
  await hook(page, 'foot-where').filter({ hasText: '没有定位权限' }).waitFor();
  await page.waitForFunction(() => globalThis.lights === 0);
  assert.equal(await hook(page, 'foot-screen').innerText(), '');
  await leave();
});

test('over plain http the page names the true cause, and the visit goes on', async () => {
  const hall = await openBrowser(['--host-resolver-rules=MAP hall.test 127.0.0.1']);
  const expected = [/Cross-Origin-Opener-Policy/];
  const baseURL = service.url.replace('127.0.0.1', 'hall.test');
  const { page, leave } = await visitor(hall, service, PHONE, { expected, baseURL });
  await page.goto('/zh/luding/foot/');
  await live(page);
  await hook(page, 'foot-where').filter({ hasText: 'HTTPS' }).waitFor();
  assert.equal(await hook(page, 'foot-begin').isVisible(), false, 'what cannot work is not offered');
  await hook(page, 'open-card', '[data-station="chains"]').click();
  await card(page, 'chains').waitFor();
  await leave();
  await hall.close();
});

test('a phone that reports shifted map coordinates still arrives, and is told so', async () => {
  const { page, leave } = await onFoot();
  const fixes = trace('gcj02-phone');
  await follow(page, 'zh', fixes);
  await walk(page, fixes.slice(1, 60));
  await hook(page, 'card', ':visible').first().waitFor();
  assert.match(await hook(page, 'foot-datum').innerText(), /GCJ-02/);
  await page.clock.runFor(5000);
  assert.equal((await keptVisit(page, 'luding/west-bank')).proof.datum, 'gcj02');
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
  await hook(page, 'foot-where').filter({ hasText: /outside the radius of every station\. The nearest is .* km to the / }).waitFor();
  assert.equal(await hook(page, 'card', ':visible').count(), 0);
  await leave();
});

test('a refused position is answered in words, and the visit goes on without it', async () => {
  const { page, leave } = await onFoot({ permissions: [] });
  await page.goto('/zh/luding/foot/');
  await live(page);
  await hook(page, 'foot-begin').click();
  await hook(page, 'foot-where').filter({ hasText: /没有定位权限.*铭牌代码/ }).waitFor();
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
  await form.locator('[data-hook="plaque-said"]').filter({ hasText: '八个字母' }).waitFor();
  await enter(plaque('deck'));
  await page.locator('form[data-hook="plaque"][data-kept="true"]').waitFor();
  // The code opens the card of its station by itself, and outlasts a reload.
  await card(page, 'deck').waitFor();
  await page.reload();
  await live(page);
  await hook(page, 'open-card', '[data-station="deck"]').click();
  const there = card(page, 'deck');
  const completed = page.waitForRequest((request) => /"completed"/.test(request.postData() ?? ''));
  for (const text of await there.locator('[data-hook="transcript"]').all()) {
    await bringIntoView(text);
    await readFor(page, 60);
  }
  await answer(page, 'deck');
  await complete(there);
  await counted(page, 'deck');
  const { events } = (await completed).postDataJSON();
  assert.deepEqual(events.find(({ kind }) => kind.type === 'completed').kind.proof, { method: 'code', code: plaque('deck').replace('-', '') });
  assert.equal((await keptVisit(page, 'luding/deck')).proof, null, 'a proof is given once');
  const { walks: [{ stations }] } = await progress(page);
  const { reasons } = stations.find(({ station }) => station === 'deck');
  assert.ok(reasons.every(({ met }) => met), JSON.stringify(reasons));
  await leave();
});

// The camera and the browser's detector are the world outside; what they give is stood in for, what is done with it is not.
test('a plaque is read by the camera where the browser can, and typed where the camera is refused', async () => {
  const { page, leave } = await visitor(browser, service, PHONE);
  await page.addInitScript(() => {
    globalThis.inView = 'https://weixin.qq.com/r/kT8xNnPEcYvLrd';
    globalThis.BarcodeDetector = class {
      async detect() { globalThis.looks = (globalThis.looks ?? 0) + 1; return [{ rawValue: globalThis.inView }]; }
    };
    const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 64 });
    const draw = () => { canvas.getContext('2d').fillRect(0, 0, Math.random() * 64, 64); requestAnimationFrame(draw); };
    draw();
    globalThis.camera = async () => (globalThis.stream = canvas.captureStream(10));
    navigator.mediaDevices.getUserMedia = () => globalThis.camera();
  });
  await page.goto('/zh/luding/foot/');
  await live(page);
  const scan = hook(page, 'scan');
  const off = () => page.waitForFunction(() => globalThis.stream.getTracks().every(({ readyState }) => readyState === 'ended'));
  await page.evaluate(() => { globalThis.seen = globalThis.camera; globalThis.camera = async () => { throw new Error('refused'); }; });
  await scan.click();
  await hook(page, 'plaque-said').filter({ hasText: '打不开相机' }).waitFor();
  // A picture that cannot be shown turns the camera off again.
  await page.evaluate(() => {
    globalThis.camera = globalThis.seen;
    document.querySelector('[data-hook="scan-view"]').play = async () => { throw new Error('no picture'); };
  });
  await scan.click();
  await off();
  assert.equal(await scan.innerText(), '用相机扫码');
  // Another code on the wall is none of ours; the same button stops the camera.
  await page.evaluate(() => { delete document.querySelector('[data-hook="scan-view"]').play; });
  await scan.click();
  await page.waitForFunction(() => globalThis.looks > 2);
  assert.equal(await page.locator('#code').inputValue(), '');
  await scan.filter({ hasText: '关闭相机' }).click();
  await off();
  assert.equal(await scan.innerText(), '用相机扫码');
  await page.evaluate(() => { globalThis.inView = 'https://museum.example/p/bcdf-ghjk'; });
  await scan.click();
  await page.waitForFunction(() => document.querySelector('#code').value === 'BCDFGHJK');
  await hook(page, 'scan-view').waitFor({ state: 'hidden' });
  await scan.filter({ hasText: '用相机扫码' }).waitFor();
  await hook(page, 'plaque').locator('button[type="submit"]').click();
  await hook(page, 'plaque-said').filter({ hasText: '铭牌代码已记下' }).waitFor();
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
