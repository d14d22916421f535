// Pictures that cannot be faked: every station is drawn, with its marks where the projection says, and differs between eras.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT, opened, visitor } from './harness.mjs';
import { STATIONS, standing, tell } from './steps.mjs';
import { SLOW_RENDERER, SMALL, cardOf, enter, frames, probe } from './stage.mjs';
import { differences, marksSeen, picture, spread, stillPicture } from './picture.mjs';

const SHOTS = join(ROOT, 'target/shots');
mkdirSync(SHOTS, { recursive: true });

const { service, browser } = await opened();

async function show(page, station, era) {
  await tell(page, { type: 'show-era', era });
  await standing(page, station, era);
  return stillPicture(page);
}

/** Takes the visitor to a station and clears the view: arriving opens the card and begins the story. */
async function look(page, station) {
  await tell(page, { type: 'go-to', station });
  await standing(page, station);
  await tell(page, { type: 'pause' });
  await cardOf(page, station).locator('[data-hook="card-close"]').click();
  return show(page, station, 'today');
}

test('each station is drawn, with its marks where the projection says, and each differs between the eras', async () => {
  const { page, leave } = await visitor(browser, service, SMALL, { expected: SLOW_RENDERER });
  await enter(page, 'en');
  let before = null;
  for (const station of STATIONS) {
    const today = await look(page, station);
    await page.screenshot({ path: join(SHOTS, `station-${station}.png`) });
    const drawn = await spread(today.pixels);
    assert.ok(drawn.seen > 0.5, `${station}: the page covers all but ${drawn.seen.toFixed(2)} of the picture`);
    assert.ok(drawn.spread > 12, `${station}: the picture is all but blank (spread ${drawn.spread.toFixed(1)})`);
    const seen = await marksSeen(today.pixels, today.marks);
    assert.ok(seen.length > 0, `${station}: no mark could be looked at among ${JSON.stringify(today.marks)}`);
    for (const mark of seen) {
      assert.ok(mark.off <= 24, `${station}: the mark of ${mark.point} is ${mark.off} off its colour at ${mark.x.toFixed(0)}, ${mark.y.toFixed(0)}`);
    }

    // Twice the same state, the other state, and the same once more: what time alone changes is the measure. At rest the
    // lowest tier draws 15 frames a second, and slow water is known for water only after some seconds.
    await frames(page, 40);
    const again = await stillPicture(page);
    const then = await show(page, station, '1935');
    await page.screenshot({ path: join(SHOTS, `station-${station}-1935.png`) });
    const back = await show(page, station, 'today');
    assert.deepEqual(then.eye, today.eye, `${station}: the eye has moved with the era`);
    const { still, from: [time, era] } = await differences(page, today.pixels, again.pixels, back.pixels, then.pixels);
    const measured = `${station}: time ${time.toFixed(2)}, era ${era.toFixed(2)}, of ${still.toFixed(2)} of the picture`;
    assert.ok(still > 0.15, `too little stands still. ${measured}`);
    assert.ok(era > 5 && era > 5 * time, `today and 1935 look alike. ${measured}`);
    if (before) {
      const { from: [other] } = await differences(page, today.pixels, again.pixels, before.pixels);
      assert.ok(other > 5 && other > 5 * time, `it looks like the station before (${other.toFixed(2)}). ${measured}`);
    }
    before = today;
  }

  // What is asserted above must fail where nothing is drawn, whatever tools the page lays over it.
  const { marks } = await probe(page);
  await page.locator('#scene-canvas').evaluate((canvas) => { canvas.style.visibility = 'hidden'; });
  const blank = await picture(page);
  const { spread: empty } = await spread(blank);
  assert.ok(empty < 2, `a hidden scene has a spread of ${empty.toFixed(1)}`);
  assert.ok((await marksSeen(blank, marks)).every(({ off }) => off > 24), 'marks are seen in a hidden scene');
  await leave();
});
