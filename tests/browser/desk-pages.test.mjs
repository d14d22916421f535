// Every page of the desk, as a trainer opens it on a laptop and on a phone: whole, readable by assistive software, and no wider than the screen.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { LAPTOP, PHONE, ROOT, audit, opened, visitor } from './harness.mjs';
import { SITE, enterCode, live, people, wholeWalk } from './steps.mjs';

const { service, browser } = await opened();
const ADMIN = /^\s*admin\s+(\S+)\s+(\d{6})/m;
const COURSE = `${SITE.id}.${SITE.routes[0].id}`;

async function entered(device, person) {
  const own = await visitor(browser, service, device);
  await own.page.goto('/desk/');
  await own.page.locator('[name="code"]').fill(person.code);
  await own.page.locator('[name="pin"]').fill(person.pin);
  await own.page.locator('button.button-next').click();
  await own.page.waitForURL(/\/desk\/$/);
  return own;
}

/** A walk on the ground with one station still to come, so that the desk has something of everything to show. */
async function walked() {
  const phone = await visitor(browser, service, PHONE);
  await phone.page.goto('/zh/sign-in/');
  await live(phone.page);
  await enterCode(phone.page, people(service).learner[0]);
  await phone.page.waitForURL('**/zh/me/');
  const events = wholeWalk().filter(({ kind }) => kind.station !== 'stele').map((event, index) => {
    const captured_at_ms = event.captured_at_ms - 3_600_000 + index * 120_000;
    const kind = event.kind.type === 'completed' ? { ...event.kind, way: 'foot' } : event.kind;
    return { ...event, captured_at_ms, kind };
  });
  const person = await phone.page.evaluate(async (body) => {
    await fetch('/v1/events', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return (await (await fetch('/v1/session')).json()).person;
  }, JSON.stringify({ events }));
  await phone.leave();
  return person;
}

const person = await walked();
const PAGES = {
  walks: '/desk/?state=all',
  walk: `/desk/walks/${person}/${COURSE}`,
  report: '/desk/report',
  fairness: '/desk/fairness',
  commended: '/desk/commended',
  people: '/desk/people',
  units: '/desk/units',
  kiosks: '/desk/kiosks',
  displays: '/desk/displays',
  systems: '/desk/systems',
  forwarding: '/desk/forwarding',
  lead: '/desk/lead',
  roster: '/desk/roster',
  passkeys: '/desk/passkeys',
  audit: '/desk/audit',
  course: `/course/${COURSE}`,
};

for (const [name, device] of [['laptop', LAPTOP], ['phone', PHONE]]) {
  for (const lang of ['zh', 'en']) {
    test(`every page of the desk can be read on a ${name}, in ${lang}`, async () => {
      const [, code, pin] = ADMIN.exec(service.said);
      const { page, leave } = await entered(device, { code, pin });
      await page.goto(`/desk/language/${lang}`);
      for (const [page_name, address] of Object.entries(PAGES)) {
        const answer = await page.goto(address);
        assert.equal(answer.status(), 200, address);
        assert.ok((await page.locator('h1').innerText()).length > 1, `${address} says what it is`);
        assert.equal(await page.evaluate(() => document.documentElement.lang.slice(0, 2)), lang, address);
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.equal(wider, 0, `${address} is ${wider} px wider than the ${name}`);
        await audit(page);
        if (lang === 'zh') await page.screenshot({ path: join(ROOT, `target/shots/desk-${page_name}-${name}.png`), fullPage: true });
      }
      await leave();
    });
  }
}

test('the plan shows where the stations lie, which of them count, and the way between them', async () => {
  const { page, leave } = await entered(LAPTOP, people(service).trainer[0]);
  await page.goto('/desk/language/en');
  await page.goto(PAGES.walk);
  const plan = page.locator('.walk-plan svg');
  const spots = await plan.locator('.spot').evaluateAll((all) => all.map((spot) => ({
    met: spot.classList.contains('met'), number: spot.querySelector('text').textContent, x: spot.querySelector('circle').getBoundingClientRect().x,
  })));
  assert.deepEqual(spots.map(({ number }) => number), SITE.routes[0].stations.map((_, index) => String(index + 1)));
  assert.deepEqual(spots.map(({ met }) => met), SITE.routes[0].stations.map((id) => id !== 'stele'));
  const east = SITE.routes[0].stations.map((id) => SITE.stations.find((each) => each.id === id).position.east_m);
  const order = (values) => values.map((_, index) => index).sort((a, b) => values[a] - values[b]);
  assert.deepEqual(order(spots.map(({ x }) => x)), order(east), 'east is to the right');
  assert.equal((await plan.locator('.way').getAttribute('points')).split(' ').length, 7, 'one corner for each station that was completed');
  await page.locator('.legs summary').click();
  const legs = await page.locator('.legs tbody tr').allInnerTexts();
  assert.equal(legs.length, 6);
  assert.match(legs[0], /1 West bank → 2 West pavilion\s+17 m\s+4 min/);
  await leave();
});
