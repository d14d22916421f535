// What a visit weighs and costs in exact numbers, which no busy machine changes: bytes of code, calls and bytes to the
// graphics card, and draws at every station in every tier. Times are the bench's.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT, opened, visitor } from './harness.mjs';
import { STATIONS, tell } from './steps.mjs';
import { SLOW_RENDERER, SMALL, cardOf, enter, frames, probe, when } from './stage.mjs';

const { service, browser } = await opened();

/** Bytes of a file as it goes over the wire. */
const wire = (path) => (statSync(`${path}.br`, { throwIfNoEntry: false }) ?? statSync(path)).size;

test('the code that comes before the first picture stays within 1 MB, and there is no other', async () => {
  const folder = readFileSync(join(ROOT, 'target/edition.txt'), 'utf8').trim().split('\n').find((line) => line.startsWith('app/'));
  // A kiosk's own program is fetched by no visitor's device.
  const code = readdirSync(join(ROOT, 'target/web', folder)).filter((name) => /\.(js|wasm)$/.test(name) && !name.startsWith('kiosk'));
  assert.ok(code.includes('companion_bg.wasm') && code.includes('lobby_bg.wasm'), `${folder} holds ${code}`);
  const bytes = code.reduce((sum, name) => sum + wire(join(ROOT, 'target/web', folder, name)), 0);
  assert.ok(bytes <= 1_000_000, `${bytes} bytes`);
});

/** From now on every call to the graphics card is counted, and none draws: a software renderer takes seconds for a picture. */
const count = (page) => page.evaluate(() => {
  const counted = { calls: 0, draws: 0, bytes: 0 };
  globalThis.counted = counted;
  const gl = WebGL2RenderingContext.prototype;
  for (const name of Object.getOwnPropertyNames(gl)) {
    if (typeof Object.getOwnPropertyDescriptor(gl, name).value !== 'function') continue;
    const call = gl[name];
    const draws = /^draw(Elements|Arrays)/.test(name);
    gl[name] = function (...given) {
      counted.calls += 1;
      if (name === 'bufferSubData') counted.bytes += given[4] ? given[4] * given[2].BYTES_PER_ELEMENT : given[2].byteLength;
      if (!draws) return call.apply(this, given);
      counted.draws += 1;
      return undefined;
    };
  }
});

test('at every station and in every tier few things are drawn with few calls, and a still view sends next to nothing', async () => {
  const { page, leave } = await visitor(browser, service, SMALL, { expected: SLOW_RENDERER });
  const wrong = [];
  page.on('console', (message) => { if (/^WebGL error|INVALID_/.test(message.text())) wrong.push(message.text()); });
  await enter(page, 'en');
  await count(page);
  for (const tier of ['floor', 'middle', 'high']) {
    await tell(page, { type: 'quality', tier });
    for (const station of STATIONS) {
      await tell(page, { type: 'go-to', station });
      await when(page, (now) => now.here === station && now.tier === tier && now.settled, { seconds: 60 });
      await tell(page, { type: 'pause' });
      await cardOf(page, station).locator('[data-hook="card-close"]').click();
      const told = () => page.evaluate(() => ({ ...globalThis.counted }));
      const [from, before] = [await frames(page, 3), await told()];
      const [to, after] = [await frames(page, 20), await told()];
      const [calls, made, bytes] = ['calls', 'draws', 'bytes'].map((name) => after[name] - before[name]);
      const { draws } = to;
      const sent = bytes / (to.frame - from.frame);
      const at = `${station}, ${tier}: ${draws} draws, ${(calls / made).toFixed(1)} calls each, ${sent.toFixed(0)} bytes a frame`;
      assert.ok(draws <= 120, at);
      assert.ok(made > 0 && calls <= 6 * made, at);
      assert.ok(sent <= 4096, at);
    }
  }
  assert.deepEqual(wrong, [], 'the graphics interface was misused');
  await leave();
});
