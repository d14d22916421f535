// Whole visits in a headset, for the same credit as on a page: by looking alone, and by one button.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { opened, visitor } from './harness.mjs';
import { RIGHT, SITE, STATIONS, counted, hook, narrationSecs, people, progress, sent, signIn, tell } from './steps.mjs';
import { SLOW_RENDERER, SMALL, enter, holdClock, when } from './stage.mjs';
import { look, pressByButton, pressByLooking, putOn, updates, whenWorn, withHeadset, withoutControllers, withoutDraws } from './worn.mjs';

const { service, browser } = await opened();
const ROOM = { ...SMALL, viewport: { width: 480, height: 240 } };

/** Reads what hangs there for as long as counts, looking about a little as whoever reads does. */
async function read(page, station, lang) {
  const secs = Math.ceil(narrationSecs(station, lang) * 0.85) + 6;
  for (let gone = 0; gone < secs; gone += 2) {
    if (gone % 40 === 0) {
      await look(page, { left: (gone / 40) % 2 ? 2 : -2, up: 75 });
      await updates(page, 2);
    }
    await page.clock.fastForward(2000);
  }
}

/** Goes to every station in turn, reads, answers rightly and completes, by `press`. */
async function visit(page, lang, press) {
  await press(page, 'begin');
  for (const station of STATIONS) {
    await when(page, ({ here }) => here === station);
    await press(page, 'menu');
    await press(page, 'card');
    await whenWorn(page, ({ panel }) => panel?.title === SITE.stations.find(({ id }) => id === station).title[lang]);
    await read(page, station, lang);
    await press(page, 'question');
    await press(page, `choice:${RIGHT.get(station)}`);
    await press(page, 'complete');
    await hook(page, 'card', `[data-station="${station}"] [data-hook="complete"][data-state="done"]`).waitFor({ state: 'attached' });
    if (station !== STATIONS.at(-1)) {
      await press(page, 'card');
      await press(page, 'next');
    }
  }
  await press(page, 'close');
  await press(page, 'menu');
  await press(page, 'finish');
}

for (const [index, { name, lang, press, hands }] of [
  { name: 'by looking alone', lang: 'zh', press: pressByLooking, hands: withoutControllers },
  {
    name: 'by one button, wherever it is held',
    lang: 'en',
    press: pressByButton,
    hands: (page) => page.evaluate(() => Object.defineProperty(globalThis.XRInputSource.prototype, 'targetRayMode', { get: () => 'gaze' })),
  },
].entries()) {
  test(`a whole visit ${name} counts as any other`, async () => {
    const guest = await visitor(browser, service, ROOM, { expected: SLOW_RENDERER });
    const { page } = guest;
    await withHeadset(guest.context);
    await holdClock(page);
    await signIn(page, lang, people(service).learner[index]);
    await enter(page, lang);
    await tell(page, { type: 'quality', tier: 'floor' });
    await withoutDraws(page);
    await putOn(page, 'steady');
    await hands(page);
    await visit(page, lang, press);
    const { buttons } = await whenWorn(page, (now) => now.buttons.some(({ id }) => id === 'leave'));
    assert.deepEqual(buttons.map(({ id }) => id), ['leave', 'close']);
    await sent(page);
    for (const station of STATIONS) await counted(page, station);
    const { walks } = await progress(page);
    assert.equal(walks.length, 1);
    assert.ok(walks[0].hours > 0, JSON.stringify(walks[0]));
    await press(page, 'leave');
    await when(page, ({ headset }) => !headset);
    await guest.leave();
  });
}
