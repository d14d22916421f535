// What both eyes see in the emulated headset, for the README: `make views` writes it into docs/.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LAPTOP, ROOT, openBrowser, startService, visitor } from './harness.mjs';
import { begin, kiosk } from './hall.mjs';
import { RIGHT, hook, tell } from './steps.mjs';
import { enter, settled, when } from './stage.mjs';
import { device, look, lookAt, pressByTrigger, putOn, updates, whenWorn, withHeadset, withoutControllers, worn } from './worn.mjs';

const EYES = { ...LAPTOP, viewport: { width: 1280, height: 640 } };
const service = await startService();
const browser = await openBrowser();

/** Writes what both eyes see side by side as WebP; the browser itself is the encoder. */
async function keep(page, name) {
  await updates(page, 4);
  const webp = await page.evaluate(() => new Promise((done) => {
    const session = globalThis.xrDevice.activeSession;
    session.requestAnimationFrame(() => queueMicrotask(() => {
      const layer = session.renderState.baseLayer;
      const gl = document.querySelector('canvas#scene-canvas').getContext('webgl2');
      const [width, height] = [layer.framebufferWidth, layer.framebufferHeight];
      gl.bindFramebuffer(gl.FRAMEBUFFER, layer.framebuffer);
      const pixels = new Uint8ClampedArray(width * height * 4);
      gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(pixels.buffer));
      const upright = new ImageData(width, height);
      for (let y = 0; y < height; y += 1) upright.data.set(pixels.subarray(y * width * 4, (y + 1) * width * 4), (height - 1 - y) * width * 4);
      const canvas = Object.assign(document.createElement('canvas'), { width, height });
      canvas.getContext('2d').putImageData(upright, 0, 0);
      done(canvas.toDataURL('image/webp', 0.86).split(',')[1]);
    }));
  }));
  writeFileSync(join(ROOT, 'docs', `${name}.webp`), Buffer.from(webp, 'base64'));
  console.log(`docs/${name}.webp`);
}

/** Closes the welcome with the button that asks for the menu. */
async function lookAbout(page) {
  await device(page, (xr) => xr.controllers.right.updateButtonValue('a-button', 1));
  await whenWorn(page, ({ panel }) => !panel, { seconds: 180 });
  await device(page, (xr) => xr.controllers.right.updateButtonValue('a-button', 0));
}

const slow = { seconds: 240 };
try {
  const { context, page } = await visitor(browser, service, EYES, { expected: [/./] });
  await withHeadset(context, { ownLayer: true });
  await enter(page, 'zh', 'west-bank');
  await tell(page, { type: 'quality', tier: 'middle' });
  await tell(page, { type: 'pause' });
  await putOn(page, 'steady');
  await whenWorn(page, ({ panel, updates: turns }) => panel && turns > 3, slow);
  await lookAbout(page);
  for (const station of ['west-bank', 'chains', 'mid-span']) {
    await tell(page, { type: 'go-to', station });
    await when(page, ({ here, headset }) => here === station && headset?.dark === 0, slow);
    await tell(page, { type: 'pause' });
    await keep(page, `headset-${station}`);
  }
  await tell(page, { type: 'go-to', station: 'chains' });
  await when(page, ({ here, headset }) => here === 'chains' && headset?.dark === 0, slow);
  await tell(page, { type: 'play', point: 'thirteen-chains', from_secs: 1 });
  await whenWorn(page, ({ caption }) => caption.length > 3, slow);
  await keep(page, 'headset-caption');
  await tell(page, { type: 'pause' });
  await withoutControllers(page);
  const { buttons: [menu] } = await worn(page);
  await lookAt(page, menu);
  await whenWorn(page, ({ dwelt }) => dwelt > 0.3, slow);
  await keep(page, 'headset-gaze');
  await context.close();

  const hall = await kiosk({ service, browser }, '头显 1', { size: { width: 1400, height: 760 }, expected: [/./], dress: (own) => withHeadset(own, { ownLayer: true }) });
  await begin(hall.page, 'zh');
  await hook(hall.page, 'headset-steady').waitFor({ timeout: 240_000 });
  await settled(hall.page);
  await tell(hall.page, { type: 'quality', tier: 'middle' });
  await when(hall.page, ({ tier }) => tier === 'middle');
  await hook(hall.page, 'headset-steady').click();
  await device(hall.page, (xr) => { xr.controllers.left.connected = false; });
  await whenWorn(hall.page, ({ panel, updates: turns }) => panel && turns > 3, slow);
  // The layer keeps the size of the middle tier; what is only passed through is drawn in the lowest.
  await tell(hall.page, { type: 'quality', tier: 'floor' });
  await pressByTrigger(hall.page, 'begin');
  await when(hall.page, ({ here }) => here === 'west-bank', slow);
  for (const id of ['menu', 'card', 'question', `choice:${RIGHT.get('west-bank')}`]) await pressByTrigger(hall.page, id);
  await hook(hall.page, 'question', '[data-station="west-bank"] [data-hook="grade"]:not([data-right="judging"])').waitFor({ state: 'attached' });
  for (const id of ['close', 'menu', 'finish']) await pressByTrigger(hall.page, id);
  await whenWorn(hall.page, ({ panel }) => /^[A-Z]{4}-[A-Z]{4}$/.test(panel?.title ?? ''), slow);
  await tell(hall.page, { type: 'quality', tier: 'middle' });
  await when(hall.page, ({ tier }) => tier === 'middle', slow);
  await look(hall.page, {});
  await keep(hall.page, 'headset-end');
} finally {
  await browser.close();
  await service.stop();
}
