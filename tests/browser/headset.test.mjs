// The visit in a headset: what both eyes see, moving, reading and hearing there. Much of it with the layer being the canvas
// itself, as the emulator has it, and a framebuffer of its own before eyes whose axis is off their middle, as headsets have.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { LAPTOP, ROOT, opened, visitor } from './harness.mjs';
import { SITE, hook, tell, until } from './steps.mjs';
import { SLOW_RENDERER, enter, frames, when } from './stage.mjs';
import { countFrames, device, look, onEachLayer, pointAt, pressByPinching, pressByTrigger, putOn, seen, sessionFrames, stick, trigger, updates, wearers, whenWorn, withHeadset, withoutDraws, worn } from './worn.mjs';

const place = await opened();
const { service, browser } = place;
const { atTheScene, inTheHeadset } = wearers(place);
const PAPER = [0xf6, 0xf1, 0xe7];
const CINNABAR = [0x8e, 0x1f, 0x17];

onEachLayer('both eyes see the place the right way up, in its own colours, one turn for each frame', async (set) => {
  const { page, leave } = await inTheHeadset(set, { begin: false });
  assert.equal(await page.evaluate(() => globalThis.activated), true, 'opened within a press');
  assert.equal(await hook(page, 'stage').getAttribute('data-headset'), 'on');
  await countFrames(page);
  const before = [(await worn(page)).updates, await sessionFrames(page)];
  await updates(page, 25);
  const after = [(await worn(page)).updates, await sessionFrames(page)];
  assert.ok(Math.abs(after[0] - before[0] - (after[1] - before[1])) <= 2, `${before} then ${after}: a turn for each frame`);
  const { eyes, differs } = await seen(page, [PAPER, CINNABAR]);
  assert.ok(differs > 0.02, `only ${differs} of what the eyes see differs`);
  for (const { mean, found: [paper, cinnabar] } of eyes) {
    assert.ok(mean[3] > 254 && mean.slice(0, 3).some((part) => part > 40), `${mean}: it is not dark`);
    assert.ok(paper.count > 800, `paper is seen as it is on the page, at ${paper.count} places`);
    assert.ok(cinnabar.count >= 4 && cinnabar.y > paper.y + 0.02, `the button (${cinnabar.y}) hangs under the text (${paper.y})`);
  }
  assert.notEqual(eyes[0].found[0].x, eyes[1].found[0].x, 'a near panel lies elsewhere for each eye');
  await leave();
});

onEachLayer('the eyes are where the device is, and turn by steps of thirty degrees', async (set) => {
  const { page, leave } = await inTheHeadset(set);
  const first = await worn(page);
  await look(page, { left: 0, at: [0.4, 1.72, -0.3] });
  const moved = await updates(page, 3);
  const off = (a, b) => Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z);
  assert.ok(Math.abs(off(moved.eyes[0], moved.eyes[1]) - 0.063) < 1e-3, 'as far apart as the device says');
  assert.ok(Math.abs(moved.head.y - first.head.y - 0.12) < 1e-3, 'as high as the wearer');
  assert.ok(Math.abs(Math.hypot(moved.head.x - first.head.x, moved.head.z - first.head.z) - 0.5) < 2e-3, 'as far as they stepped');
  await stick(page, 0.95, 0);
  const turned = await updates(page, 12);
  assert.ok(Math.abs(moved.head.yaw - turned.head.yaw - Math.PI / 6) < 1e-3, `${moved.head.yaw} to ${turned.head.yaw}: once, however long it is held`);
  assert.ok(off(moved.head, turned.head) < 2e-3, 'about the head');
  await stick(page, 0, 0);
  await updates(page, 3);
  await stick(page, -0.95, 0);
  const back = await updates(page, 4);
  assert.ok(Math.abs(back.head.yaw - moved.head.yaw) < 1e-3);
  await stick(page, 0, 0);
  await leave();
});

onEachLayer('a step leads onto the floor that is pointed at, through darkness, and never into the river', async (set) => {
  const { page, leave } = await inTheHeadset(set, { station: 'deck' });
  await withoutLeft(page);
  const before = await whenWorn(page, ({ dark }) => dark === 0);
  // Ahead along the deck, a few metres on.
  const ahead = { x: before.head.x + 4, y: before.head.y - 1.6, z: 0 };
  await pointAt(page, ahead);
  await whenWorn(page, ({ target }) => target === 'ground');
  await trigger(page, true);
  await updates(page, 3);
  await trigger(page, false);
  const there = await whenWorn(page, ({ head, dark }) => dark === 0 && Math.hypot(head.x - before.head.x, head.z - before.head.z) > 1.5);
  assert.ok(Math.abs(there.head.z) < 0.1, `${there.head.z}: on the bridge along its middle`);
  assert.ok(Math.abs(there.head.y - before.head.y) < 0.4, 'at the wearer’s own height over the deck');
  // Over the side: past the chains there is the river alone.
  await pointAt(page, { x: there.head.x, y: there.head.y + 1, z: there.head.z + 8 });
  await whenWorn(page, ({ target }) => target === 'ground');
  await trigger(page, true);
  await updates(page, 3);
  await trigger(page, false);
  const still = await updates(page, 6);
  assert.ok(Math.hypot(still.head.x - there.head.x, still.head.z - there.head.z) < 0.01, 'nobody is put into the river');
  await leave();
});

/** The left hand lies somewhere, so that the right one points. */
async function withoutLeft(page) {
  await device(page, (xr) => { xr.controllers.left.connected = false; });
}

onEachLayer('a mark that is pressed takes the wearer to its station, where the voice tells with captions', async (set) => {
  const { page, leave } = await inTheHeadset(set, { station: 'gate' });
  await withoutLeft(page);
  const { marks } = await whenWorn(page, ({ marks }) => marks.some(({ station }) => station === 'chains'));
  await pointAt(page, marks.find(({ station }) => station === 'chains'));
  await whenWorn(page, ({ target }) => /^mark/.test(target ?? ''));
  await trigger(page, true);
  await trigger(page, false);
  await when(page, ({ here }) => here === 'chains');
  await whenWorn(page, ({ caption }) => caption.length > 4, { seconds: 60 });
  await leave();
});

onEachLayer('leaving comes back to the page as it was, five times over, and nothing is left behind', async (set) => {
  const { page, leave } = await atTheScene(set);
  await page.evaluate(() => {
    const live = { buffers: 0, textures: 0, frames: 0 };
    globalThis.live = live;
    const gl = WebGL2RenderingContext.prototype;
    for (const [name, made, gone] of [['buffers', 'createBuffer', 'deleteBuffer'], ['textures', 'createTexture', 'deleteTexture'], ['frames', 'createFramebuffer', 'deleteFramebuffer']]) {
      const [make, drop] = [gl[made], gl[gone]];
      gl[made] = function (...given) { live[name] += 1; return make.apply(this, given); };
      gl[gone] = function (thing) { if (thing) live[name] -= 1; return drop.call(this, thing); };
    }
  });
  const counts = [];
  for (let round = 0; round < 5; round += 1) {
    await putOn(page, 'steady');
    await whenWorn(page, ({ updates, panel }) => updates > 4 && panel);
    await device(page, (xr) => xr.activeSession.end());
    await when(page, ({ headset }) => !headset);
    await page.locator('[data-hook="stage"][data-headset="off"]').waitFor();
    await page.getByText('已离开头显').first().waitFor();
    const size = await page.evaluate(() => { const { width, height } = document.getElementById('scene-canvas').getBoundingClientRect(); return { width, height, inPlace: Boolean(document.querySelector('.stage-canvas #scene-canvas')) }; });
    assert.ok(size.inPlace && size.width > 600, `the canvas is back: ${JSON.stringify(size)}`);
    const from = await frames(page, 3);
    await when(page, ({ frame }) => frame > from.frame);
    counts.push(await page.evaluate(() => ({ ...globalThis.live })));
  }
  for (const name of ['buffers', 'textures', 'frames']) assert.equal(counts[4][name], counts[1][name], `${name}: ${JSON.stringify(counts)}`);
  await leave();
});

test('whoever chooses to walk moves while the stick is pushed and sees less at the edge, and feels what they press', async () => {
  const { page, leave } = await inTheHeadset({}, { how: 'free', station: SITE.stations[0].id });
  await page.evaluate(() => {
    globalThis.pulses = [];
    const pad = globalThis.xrDevice.controllers.right.inputSource.gamepad;
    Object.defineProperty(pad, 'hapticActuators', { value: [{ pulse: (...given) => { globalThis.pulses.push(given); return Promise.resolve(true); } }] });
  });
  const from = (await worn(page)).rig;
  await stick(page, 0, -1);
  await whenWorn(page, ({ rig, narrow, dark }) => Math.hypot(rig.x - from.x, rig.z - from.z) > 0.4 && narrow > 0.5 && dark === 0);
  await stick(page, 0, 0);
  const still = await whenWorn(page, ({ narrow }) => narrow === 0);
  await updates(page, 3);
  assert.deepEqual((await worn(page)).rig, still.rig, 'nobody moves on by themselves');
  await device(page, (xr) => xr.controllers.right.updateButtonValue('a-button', 1));
  await whenWorn(page, ({ panel }) => panel);
  await device(page, (xr) => xr.controllers.right.updateButtonValue('a-button', 0));
  await pressByTrigger(page, 'settings');
  await until(page, () => globalThis.pulses.length > 0);
  const [[strength, millis]] = await page.evaluate(() => globalThis.pulses);
  assert.ok(strength > 0 && strength <= 1 && millis > 0 && millis < 200, `${strength}, ${millis} ms`);
  await device(page, (xr) => xr.activeSession.end());
  await page.locator('[data-hook="stage"][data-headset="off"]').waitFor();
  await hook(page, 'headset').click();
  await hook(page, 'headset-steady').waitFor();
  await leave();
});

test('where the room is seen through, the bridge lies before its wearer and the room stays', async () => {
  const { page, leave } = await inTheHeadset({ ownLayer: true }, { how: 'room' });
  const { see_through: through, rig } = await whenWorn(page, ({ rig }) => rig.scale > 1);
  assert.equal(through, true);
  await look(page, { up: -45 });
  await updates(page, 4);
  const { eyes } = await seen(page);
  for (const { mean } of eyes) assert.ok(mean[3] > 50 && mean[3] < 200, `${mean}: a round of land and water lies there, and the room around it stays`);
  assert.ok(rig.scale === 100, `${rig.scale}`);
  await device(page, (xr) => xr.controllers.right.updateButtonValue('a-button', 1));
  await whenWorn(page, ({ panel }) => panel);
  await device(page, (xr) => xr.controllers.right.updateButtonValue('a-button', 0));
  await pressByTrigger(page, 'model');
  const own = await whenWorn(page, ({ rig }) => rig.scale === 1);
  assert.ok(own.see_through, 'at its own size the room is still behind it');
  await device(page, (xr) => xr.activeSession.end());
  await page.locator('[data-hook="stage"][data-headset="off"]').waitFor();
  await when(page, ({ headset }) => !headset);
  await leave();
});

test('hands press by pinching, and the settings heard there are those of the page', async () => {
  const { page, leave } = await atTheScene({}, { lang: 'en' });
  await device(page, (xr) => { xr.primaryInputMode = 'hand'; });
  await putOn(page, 'steady');
  await whenWorn(page, ({ updates: turns, panel }) => turns > 2 && panel);
  await pressByPinching(page, 'begin');
  await when(page, ({ here }) => here === 'west-bank');
  await pressByPinching(page, 'menu');
  await pressByPinching(page, 'stations');
  const { buttons } = await whenWorn(page, ({ panel }) => panel?.title === 'Route and stations');
  assert.equal(buttons.filter(({ id }) => id.startsWith('go:')).length, 8);
  await pressByPinching(page, 'close');
  await pressByPinching(page, 'menu');
  await pressByPinching(page, 'settings');
  const voice = hook(page, 'volume-voice');
  assert.equal(await voice.inputValue(), '1');
  await pressByPinching(page, 'volume-voice:less');
  assert.equal(await voice.inputValue(), '0.8');
  await leave();
});

const CUES = [...readFileSync(join(ROOT, 'assets/sites/luding/captions/zh/thirteen-chains.vtt'), 'utf8')
  .matchAll(/(\d+):(\d+):([\d.]+) --> (\d+):(\d+):([\d.]+)\n(.+)/g)]
  .map(([, h, m, s, toH, toM, toS, text]) => ({ from: h * 3600 + m * 60 + Number(s), to: toH * 3600 + toM * 60 + Number(toS), text }));

test('what is said stands before the wearer within a tenth of a second of the voice, in letters that stand out', async () => {
  const guest = await visitor(browser, service, { ...LAPTOP, viewport: { width: 3000, height: 1500 } }, { expected: SLOW_RENDERER });
  const { page, context } = guest;
  await withHeadset(context);
  // The voice's own clock, read where it sounds: since when its source plays, and from where in the clip.
  await context.addInitScript(() => {
    const { start } = AudioBufferSourceNode.prototype;
    AudioBufferSourceNode.prototype.start = function begin(when = 0, offset = 0) {
      if (!this.loop) globalThis.voice = { clock: this.context, since: Math.max(when, this.context.currentTime), offset };
      return start.call(this, when, offset);
    };
  });
  await enter(page, 'zh', 'chains');
  await withoutDraws(page);
  await tell(page, { type: 'quality', tier: 'middle' });
  await putOn(page, 'steady');
  await whenWorn(page, ({ updates: turns, panel }) => turns > 2 && panel);
  await tell(page, { type: 'play', point: 'thirteen-chains', from_secs: 0 });
  await whenWorn(page, ({ caption }) => caption === CUES[0].text, { seconds: 60 });
  const heard = await page.evaluate(async () => {
    const { probe } = await import(`${document.body.dataset.app}companion.js`);
    const session = globalThis.xrDevice.activeSession;
    const samples = [];
    await new Promise((done) => {
      const sample = () => {
        const { clock, since, offset } = globalThis.voice;
        samples.push({ at: offset + clock.currentTime - since, caption: JSON.parse(probe()).headset?.caption ?? '' });
        if (samples.length < 2000 && samples.at(-1).at < 14) session.requestAnimationFrame(sample); else done();
      };
      session.requestAnimationFrame(sample);
    });
    return samples;
  });
  const seenTexts = new Set(heard.map(({ caption }) => caption));
  assert.ok(CUES.filter(({ text }) => seenTexts.has(text)).length >= 2, `${[...seenTexts]}`);
  for (const [index, { at, caption }] of heard.entries()) {
    // The frame was made between the sample before and this one, however long that took.
    const [early, late] = [(heard[index - 1] ?? heard[0]).at - 0.1, at + 0.1];
    const said = CUES.filter(({ from, to }) => from < late && early < to).map(({ text }) => text);
    const silent = !CUES.some(({ from, to }) => from <= early && late <= to);
    assert.ok(said.includes(caption) || (silent && caption === ''), `at ${at} s “${caption}” is read, and “${said}” is said`);
  }
  await tell(page, { type: 'pause' });
  await page.evaluate(() => { globalThis.draws = true; });
  await updates(page, 3);
  const { letters, ground } = await plate(page, [0x1b, 0x1a, 0x18]);
  const contrast = (light(letters) + 0.05) / (light(ground) + 0.05);
  assert.ok(contrast >= 7, `${letters} on ${ground}: ${contrast}`);
  await guest.leave();
});

const light = (colour) => {
  const [r, g, b] = colour.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

/** Within the box that a ground fills for the left eye: the colour of its letters, the brightest twentieth, and its own. */
const plate = (page, ground) => page.evaluate((ground) => new Promise((done) => {
  const session = globalThis.xrDevice.activeSession;
  const layer = session.renderState.baseLayer;
  const gl = document.querySelector('canvas#scene-canvas').getContext('webgl2');
  session.requestAnimationFrame(() => queueMicrotask(() => {
    const [width, height] = [layer.framebufferWidth / 2, layer.framebufferHeight];
    const before = gl.getParameter(gl.FRAMEBUFFER_BINDING);
    gl.bindFramebuffer(gl.FRAMEBUFFER, layer.framebuffer);
    const pixels = new Uint8Array(width * height * 4);
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    gl.bindFramebuffer(gl.FRAMEBUFFER, before);
    const colour = (x, y) => [...pixels.subarray((y * width + x) * 4, (y * width + x) * 4 + 3)];
    const isGround = (x, y) => colour(x, y).every((part, index) => Math.abs(part - ground[index]) <= 3);
    // Rows in which the ground is wide are rows of the plate.
    let [left, right, low, high] = [width, 0, height, 0];
    for (let y = 0; y < height; y += 1) {
      const across = [];
      for (let x = 0; x < width; x += 1) if (isGround(x, y)) across.push(x);
      if (across.length < width / 10) continue;
      [left, right] = [Math.min(left, across[0]), Math.max(right, across.at(-1))];
      [low, high] = [Math.min(low, y), Math.max(high, y)];
    }
    const all = [];
    for (let y = low; y <= high; y += 1) for (let x = left; x <= right; x += 1) all.push(colour(x, y));
    all.sort((a, b) => a[0] + a[1] + a[2] - b[0] - b[1] - b[2]);
    done({ ground: all[Math.floor(all.length / 2)], letters: all[Math.floor(all.length * 0.95)], size: [right - left, high - low] });
  }));
}), ground);
