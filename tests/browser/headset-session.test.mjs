// A headset's session: the ways in, what keeps one from it, and what goes wrong within it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { opened } from './harness.mjs';
import { SITE, hook, tell, until } from './steps.mjs';
import { probe, when } from './stage.mjs';
import { device, onEachLayer, pressByTrigger, putOn, seen, updates, wearers, whenWorn, worn } from './worn.mjs';

const place = await opened();
const { atTheScene, inTheHeadset } = wearers(place);
const NIGHT = [0x1b, 0x1a, 0x18];

test('what is refused is said on the page, and the scene goes on', async () => {
  const { page, leave } = await atTheScene({});
  for (const [name, said] of [['NotAllowedError', '没有允许'], ['NotSupportedError', '没有接受'], ['UnknownError', '没有打开']]) {
    await page.evaluate((fault) => { globalThis.refuse = fault; }, name);
    if (!(await hook(page, 'headset-dialog').isVisible())) await hook(page, 'headset').click();
    await hook(page, 'headset-steady').click();
    await hook(page, 'headset-said').getByText(said).waitFor();
    assert.equal((await probe(page)).headset, null);
  }
  await hook(page, 'headset-dialog').locator('[data-hook="dialog-close"]').click();
  const from = await probe(page);
  await when(page, ({ frame }) => frame > from.frame + 2);
  await leave();
});

test('a way in that the browser itself offers leads in, says when it came to nothing, and is offered again', async () => {
  const dress = () => {
    globalThis.offers = 0;
    navigator.xr.offerSession = (mode, options) => new Promise((granted, refused) => {
      globalThis.offers += 1;
      globalThis.takeOffer = () => navigator.xr.requestSession(mode, options).then(granted, refused);
    });
  };
  const { page, leave } = await atTheScene({}, { dress });
  await until(page, () => globalThis.offers === 1);
  await page.evaluate(async () => {
    const { requestSession } = navigator.xr;
    navigator.xr.requestSession = async (...asked) => {
      const session = await requestSession.apply(navigator.xr, asked);
      queueMicrotask(() => session.end());
      return session;
    };
    await globalThis.takeOffer();
    navigator.xr.requestSession = requestSession;
  });
  await page.getByText('头显没有打开').first().waitFor();
  for (const offers of [2, 3]) {
    await until(page, (count) => globalThis.offers === count, offers);
    await page.evaluate(() => { globalThis.takeOffer(); });
    await whenWorn(page, ({ updates: turns, panel }) => turns > 2 && panel);
    await page.locator('[data-hook="stage"][data-headset="on"]').waitFor();
    await device(page, (xr) => xr.activeSession.end());
    await when(page, ({ headset }) => !headset);
    await page.locator('[data-hook="stage"][data-headset="off"]').waitFor();
  }
  await leave();
});

test('without a headset the settings say why, and no way in is shown', async () => {
  const without = {
    'No headset was found': () => {},
    'This browser has no WebXR': () => Object.defineProperty(navigator, 'xr', { value: undefined }),
    'over https': () => Object.defineProperty(globalThis, 'isSecureContext', { value: false }),
  };
  for (const [said, dress] of Object.entries(without)) {
    const { page, leave } = await atTheScene({ modes: [] }, { lang: 'en', dress });
    assert.equal(await hook(page, 'headset').isVisible(), false);
    await hook(page, 'more').click();
    await hook(page, 'settings').click();
    await hook(page, 'headset-why').getByText(said).waitFor();
    await leave();
  }
});

onEachLayer('a headset that shows nothing holds the voice and says so, and one that loses its way dims the place and says what to do', async (set) => {
  const { page, leave } = await inTheHeadset(set, { station: SITE.stations[0].id });
  const [{ id: point }] = SITE.stations[0].points;
  await tell(page, { type: 'play', point });
  const sounding = (on) => hook(page, 'play', `[data-point="${point}"][aria-pressed="${on}"]`).first().waitFor({ state: 'attached' });
  await sounding(true);
  const { updates: before } = await worn(page);
  await device(page, (xr) => xr.updateVisibilityState('hidden'));
  await hook(page, 'hold', '[aria-pressed="true"]').waitFor({ state: 'attached' });
  await sounding(false);
  await device(page, (xr) => xr.updateVisibilityState('visible'));
  await whenWorn(page, ({ updates, panel }) => updates > before + 2 && panel?.title === '讲解停在原处');
  await pressByTrigger(page, 'go-on');
  await sounding(true);
  assert.equal((await whenWorn(page, ({ panel }) => !panel)).notice, '');
  await page.evaluate(() => {
    const frame = globalThis.XRFrame.prototype;
    globalThis.realPose = frame.getViewerPose;
    frame.getViewerPose = () => null;
  });
  const lost = await whenWorn(page, ({ dark }) => dark > 0.5);
  assert.ok(lost.dark < 0.9, 'what was seen last is still there');
  await whenWorn(page, ({ notice }) => notice.includes('头显跟不上'));
  const { eyes } = await seen(page, [NIGHT]);
  for (const { found: [plate] } of eyes) assert.ok(plate.count > 200 && Math.abs(plate.x - 0.5) < 0.2, `${JSON.stringify(plate)}: the words stand ahead, and over the darkness`);
  await page.evaluate(() => { globalThis.XRFrame.prototype.getViewerPose = globalThis.realPose; });
  await whenWorn(page, ({ dark, notice }) => dark === 0 && notice === '');
  await leave();
});

test('a session that is granted late opens all the same, and the page says meanwhile that it comes', async () => {
  const { page, leave } = await atTheScene({});
  await page.evaluate(() => { globalThis.untilGranted = new Promise((granted) => { globalThis.grant = granted; }); });
  await putOn(page, 'steady');
  await hook(page, 'headset-said').getByText('正在打开头显').waitFor();
  const from = await probe(page);
  await when(page, ({ frame }) => frame > from.frame + 3);
  await page.evaluate(() => globalThis.grant());
  await whenWorn(page, ({ updates: turns, panel }) => turns > 2 && panel);
  await leave();
});

test('a graphics card that fails within a session ends it in words on the page', async () => {
  const { page, leave } = await inTheHeadset({}, { // What the emulator does with a context that is gone is its own.
    expected: [/CONTEXT_LOST/, /context/i, /reading '0'/],
  });
  await page.evaluate(() => document.getElementById('scene-canvas').getContext('webgl2').getExtension('WEBGL_lose_context').loseContext());
  await hook(page, 'failure', '[data-failure="context-lost"]').waitFor();
  await until(page, () => !globalThis.xrDevice.activeSession);
  await leave();
});
