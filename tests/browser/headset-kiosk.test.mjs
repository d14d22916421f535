// A hall's headset: what one visitor did is told by a code within the headset, and the next one finds nothing of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { opened } from './harness.mjs';
import { begin, clear, delivered, kept, kiosk, met, phone } from './hall.mjs';
import { RIGHT, hook, live, people } from './steps.mjs';
import { SLOW_RENDERER, settled, when } from './stage.mjs';
import { device, pressByTrigger, whenWorn, withHeadset, withoutDraws } from './worn.mjs';

const place = await opened();
const CODE = /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/;

/** Enters the scene of the visit that has begun and puts the headset on, the controllers at hand. */
async function wear(page) {
  // The scene opens by itself, and the question how to move is the one press that is left.
  await hook(page, 'headset-steady').waitFor({ timeout: 120_000 });
  await settled(page);
  await withoutDraws(page);
  await hook(page, 'headset-steady').click();
  await device(page, (xr) => { xr.controllers.left.connected = false; });
  return whenWorn(page, ({ panel, updates: turns }) => panel && turns > 3);
}

test('in a headset the card with the code hangs before the visitor, and the next visitor finds nothing of it', async () => {
  const { page, leave } = await kiosk(place, '头显 7', {
    size: { width: 640, height: 480 }, expected: SLOW_RENDERER, dress: (context) => withHeadset(context),
  });
  const before = await kept(page);
  await begin(page, 'zh');
  await wear(page);
  await pressByTrigger(page, 'begin');
  await when(page, ({ here }) => here === 'west-bank');
  // One question answered is something to claim.
  await pressByTrigger(page, 'menu');
  await pressByTrigger(page, 'card');
  await pressByTrigger(page, 'question');
  await pressByTrigger(page, `choice:${RIGHT.get('west-bank')}`);
  await hook(page, 'question', '[data-station="west-bank"] [data-hook="grade"]:not([data-right="judging"])').waitFor({ state: 'attached' });
  await pressByTrigger(page, 'close');
  await pressByTrigger(page, 'menu');
  await pressByTrigger(page, 'finish');
  const { panel } = await whenWorn(page, (now) => CODE.test(now.panel?.title ?? ''), { seconds: 60 });
  await pressByTrigger(page, 'leave');
  await page.waitForURL('**/kiosk/');
  await live(page);
  await hook(page, 'kiosk-code').filter({ hasText: panel.title }).waitFor();
  await clear(page);
  await delivered(page);
  const between = await kept(page);
  assert.deepEqual(between.left, before.left, 'the device is as before the first visitor');

  await begin(page, 'en');
  const welcome = await wear(page);
  assert.equal(welcome.panel.title, 'Luding Bridge', 'in the language of the second');
  await pressByTrigger(page, 'begin');
  await when(page, ({ here }) => here === 'west-bank');
  await pressByTrigger(page, 'menu');
  await pressByTrigger(page, 'card');
  await pressByTrigger(page, 'question');
  const { buttons } = await whenWorn(page, (now) => now.buttons.some(({ id }) => id.startsWith('choice:')));
  assert.ok(buttons.filter(({ id }) => id.startsWith('choice:')).length >= 3, 'the question is open again');
  // Taken off without a word: the visit ends, and its own card is shown.
  await device(page, (xr) => xr.updateVisibilityState('hidden'));
  await page.clock.runFor(16_000);
  await page.waitForURL('**/kiosk/');
  await live(page);

  const [member] = people(place.service).learner;
  const own = await phone(place, member, `/claim?code=${panel.title}`);
  await own.page.locator('main form button').click();
  await own.page.getByText('已领取，记入您名下的记录').waitFor();
  assert.equal(await met(own.page, 'west-bank'), false, 'an answer alone completes nothing');
  await own.leave();
  await leave();
});
