// Signs of presence that a learner gives on pages of the service: the question that only the place answers, and the word of
// a companion. By keys alone on a laptop in English, by touch on a phone in Chinese.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { LAPTOP, PHONE, ROOT, audit, opened, visitor } from './harness.mjs';
import { SITE, STATIONS, people } from './steps.mjs';

// No site asks a question at the place yet, so that this one is asked here alone.
const AT = STATIONS[0];
const content = mkdtempSync(join(tmpdir(), 'retrace-content-'));
after(() => rmSync(content, { recursive: true, force: true }));
cpSync(join(ROOT, 'target/private'), content, { recursive: true });
const kept = join(content, `${SITE.id}.json`);
const site = JSON.parse(readFileSync(kept));
site.on_site = [{
  station: AT,
  prompt: { zh: '桥头石阶共有多少级？', en: 'How many steps does the stair at the bridgehead have?' },
  answers: ['四十九', '49'],
  source: SITE.sources[0].id,
}];
writeFileSync(kept, JSON.stringify(site));

const { service, browser } = await opened([], { content });
const [one, two, three] = people(service).learner;
const expected = [/status of 409/];
const ASKED = `/on-site/${SITE.id}.${AT}`;
const width = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Presses Tab until `selector` has the focus, and fails where that cannot be seen. */
async function tabTo(page, selector) {
  const focused = () => page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector);
  for (let presses = 0; !(await focused()); presses += 1) {
    assert.ok(presses < 60, `${selector} cannot be reached by Tab`);
    await page.keyboard.press('Tab');
  }
  const { outlineStyle, outlineWidth } = await page.evaluate(() => {
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
    return { outlineStyle, outlineWidth };
  });
  assert.ok(outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1, `${selector} has the focus and does not show it`);
}

/** What a visitor does to a field or a button: by keys, or by touch. */
const BY_KEYS = {
  fill: async (page, selector, text) => {
    await tabTo(page, selector);
    await page.keyboard.press('Control+a');
    await page.keyboard.type(text);
  },
  press: async (page, selector) => {
    await tabTo(page, selector);
    await page.keyboard.press('Enter');
  },
};
const BY_TOUCH = {
  fill: (page, selector, text) => page.locator(selector).fill(text),
  press: (page, selector) => page.locator(selector).tap(),
};

/** Signs in at the door that a page for learners leads to, and comes back to that page. */
async function enter(page, hand, path, { code, pin }) {
  await page.goto(path);
  await page.waitForURL(/\/desk\/sign-in/);
  await fits(page);
  await hand.fill(page, '[name="code"]', code);
  await hand.fill(page, '[name="pin"]', pin);
  await hand.press(page, '.button-next');
  await page.waitForURL((url) => url.pathname + url.search === path);
}

/** Nothing sticks out sideways, and nothing keeps anybody out. */
async function fits(page) {
  assert.equal(await width(page), 0, `${page.url()} is wider than its window`);
  await audit(page);
}

/** What a phone would send after the first station on foot, for whoever is signed in. */
async function walkThere(page) {
  const { points, ...station } = SITE.stations.find(({ id }) => id === AT);
  const heard = points.map(({ id, zh_secs: secs }) => ({ point: id, ranges: [[0, secs]] }));
  const kind = {
    type: 'completed', site: SITE.id, route: SITE.routes[0].id, station: station.id, way: 'foot', lang: 'zh',
    heard, read_secs: 0, dwell_secs: 900, proof: { method: 'declared' },
  };
  const event = { id: crypto.randomUUID(), captured_at_ms: Date.now() - 60_000, offset_ms: 60_000, device: crypto.randomUUID(), sequence: 1, kind };
  const result = await page.evaluate(async (body) => {
    const answer = await fetch('/v1/events', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return (await answer.json()).receipts[0].result;
  }, JSON.stringify({ events: [event] }));
  assert.equal(result, 'stored');
}

/** The code that somebody shows a companion. */
const shown = (page) => page.locator('.code strong').innerText();

for (const { name, device, hand, learner, says } of [
  {
    name: 'by keys in English', device: LAPTOP, hand: BY_KEYS, learner: one,
    says: { door: 'Sign in first', prompt: 'How many steps', wrong: 'Not right. Look again', right: 'Right. Once you complete', after: 'It shows that you were at this station.' },
  },
  {
    name: 'by touch in Chinese', device: PHONE, hand: BY_TOUCH, learner: two,
    says: { door: '请先登录', prompt: '桥头石阶共有多少级', wrong: '不对。请再看看现场', right: '答对了。在“实地走访”完成本站后', after: '已作为本站的到场凭证' },
  },
]) {
  test(`the question at the place is answered ${name}`, async () => {
    const { page, leave } = await visitor(browser, service, device);
    await page.goto(ASKED);
    await page.getByRole('heading', { name: says.door }).waitFor();
    await enter(page, hand, ASKED, learner);
    await page.getByRole('heading', { name: says.prompt }).waitFor();
    await fits(page);
    await hand.fill(page, '[name="answer"]', '48');
    await hand.press(page, '.button-next');
    await page.getByRole('alert').filter({ hasText: says.wrong }).waitFor();
    await fits(page);
    await hand.fill(page, '[name="answer"]', ' ４９。');
    await hand.press(page, '.button-next');
    await page.getByRole('status').filter({ hasText: says.right }).waitFor();
    assert.equal(await page.locator('[name="answer"]').count(), 0, 'nothing more is asked');
    await fits(page);
    await walkThere(page);
    await page.reload();
    await page.getByRole('status').filter({ hasText: says.after }).waitFor();
    await hand.press(page, '.crumbs a');
    await page.waitForURL(/\/foot\/$/);
    await leave();
  });
}

test('companions vouch for each other, one by keys in English and one by touch in Chinese', async () => {
  const laptop = await visitor(browser, service, LAPTOP, { expected });
  const phone = await visitor(browser, service, PHONE, { expected });
  const alone = await visitor(browser, service, PHONE, { expected });
  await enter(laptop.page, BY_KEYS, '/vouch', one);
  await enter(phone.page, BY_TOUCH, '/vouch', two);
  await enter(alone.page, BY_TOUCH, '/vouch', three);
  for (const { page } of [laptop, phone]) await fits(page);
  const codes = { own: await shown(laptop.page), other: await shown(phone.page), absent: await shown(alone.page) };
  for (const code of Object.values(codes)) assert.match(code, /^[A-Z]{4}-[A-Z]{4}$/);

  // What is no code, one's own, and that of somebody who stood nowhere.
  for (const [typed, said] of [['hello', /8 letters/], [codes.own, /yourself|themselves/]]) {
    await BY_KEYS.fill(laptop.page, '[name="code"]', typed);
    await BY_KEYS.press(laptop.page, '.button-next');
    await laptop.page.getByRole('alert').filter({ hasText: said }).waitFor();
    await fits(laptop.page);
  }
  await BY_KEYS.fill(laptop.page, '[name="code"]', codes.absent);
  await BY_KEYS.press(laptop.page, '.button-next');
  await laptop.page.getByRole('heading', { name: three.name }).waitFor();
  await laptop.page.getByText('No station was found').waitFor();
  assert.equal(await laptop.page.getByRole('button', { name: 'I vouch' }).count(), 0);
  await fits(laptop.page);
  await BY_KEYS.press(laptop.page, 'main a[href="/vouch"]');

  // The first stood there with the second: read out, typed in small letters, looked at, said.
  await BY_TOUCH.fill(phone.page, '[name="code"]', codes.own.toLowerCase());
  await BY_TOUCH.press(phone.page, '.button-next');
  await phone.page.getByRole('heading', { name: one.name }).waitFor();
  await fits(phone.page);
  await BY_TOUCH.press(phone.page, '.button-next');
  await phone.page.getByText('您的证明已写入对方的记录').waitFor();
  await fits(phone.page);
  await BY_KEYS.fill(laptop.page, '[name="code"]', codes.other);
  await BY_KEYS.press(laptop.page, '.button-next');
  await laptop.page.getByRole('heading', { name: two.name }).waitFor();
  await fits(laptop.page);
  await BY_KEYS.press(laptop.page, '.button-next');
  await laptop.page.getByRole('status').filter({ hasText: 'Your word is in your companion’s record' }).waitFor();
  await fits(laptop.page);
  await laptop.page.goto(`/vouch?code=${codes.other}`);
  await laptop.page.getByText('you have vouched').waitFor();
  assert.equal(await laptop.page.getByRole('button', { name: 'I vouch' }).count(), 0, 'once is enough');
  await BY_KEYS.press(laptop.page, 'main a[href$="/me/"]');
  await laptop.page.waitForURL(/\/en\/me\/$/);
  for (const { leave } of [laptop, phone, alone]) await leave();
});
