// What a hall's staff and visitors do at a kiosk, and members on their phones, in words that the tests share.
import { LAPTOP, PHONE, visitor } from './harness.mjs';
import { holdClock } from './stage.mjs';
import { enterCode, hook, live, until } from './steps.mjs';

const ADMIN = /^\s*admin\s+(\S+)\s+(\d{6})/m;

/** Chooses a language by its word, and waits for the visit's first page. */
export async function begin(page, lang) {
  await hook(page, 'kiosk-begin').click();
  await hook(page, 'kiosk-language', `[data-lang="${lang}"]`).click();
  await page.waitForURL(`**/${lang}/luding/scene/`);
  await hook(page, 'kiosk-finish').waitFor();
  await live(page);
}

/** Ends the visit, and gives the code that is shown. */
export async function finish(page) {
  await hook(page, 'kiosk-finish').click();
  await hook(page, 'kiosk-finish-go').click();
  await page.waitForURL('**/kiosk/');
  await live(page);
  await hook(page, 'kiosk-done').waitFor();
  const code = hook(page, 'kiosk-code');
  return (await code.count()) ? code.textContent() : null;
}

export async function clear(page) {
  await hook(page, 'kiosk-done').click();
  await hook(page, 'kiosk-begin').waitFor();
  await live(page);
}

/** All that this browser keeps of visitors: every database, plain storage, cookies. What waits to be delivered is counted alone. */
export async function kept(page) {
  const stored = await page.evaluate(async () => {
    const all = {};
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise((opened, failed) => {
        const opening = indexedDB.open(name);
        opening.onsuccess = () => opened(opening.result);
        opening.onerror = failed;
      });
      for (const store of database.objectStoreNames) {
        const held = database.transaction(store).objectStore(store);
        const whole = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
        const [keys, values] = [await whole(held.getAllKeys()), await whole(held.getAll())];
        all[`${name}/${store}`] = Object.fromEntries(keys.map((key, index) => [key, values[index]]));
      }
      database.close();
    }
    return { all, local: { ...localStorage }, session: { ...sessionStorage }, cookie: document.cookie };
  });
  const waits = Object.keys(stored.all['retrace-kiosk/queue']).length;
  // How the kiosk itself stands: when it last reached the service, and how many files it keeps.
  const { care, ...own } = stored.all['retrace-kiosk/own'];
  const { synced_ms: _, kept: __, files: ___, ...settings } = JSON.parse(care);
  stored.all['retrace-kiosk/own'] = { ...own, care: settings };
  delete stored.all['retrace-kiosk/queue'];
  return { waits, left: { ...stored, cookies: await page.context().cookies() } };
}

/** Waits until nothing waits to be delivered. */
export const delivered = (page) => until(page, async () => new Promise((told) => {
  const opening = indexedDB.open('retrace-kiosk');
  opening.onsuccess = () => {
    const count = opening.result.transaction('queue').objectStore('queue').count();
    count.onsuccess = () => { opening.result.close(); told(count.result === 0); };
  };
}));

export const met = async (page, station) => {
  const { walks } = await page.evaluate(async () => (await fetch('/v1/me/progress')).json());
  return walks[0]?.stations.find(({ station: id }) => id === station)?.met ?? false;
};

/** Enrols a kiosk at the desk, and gives what it is entered by. */
async function enrolled({ service, browser }, name) {
  const { page, context } = await visitor(browser, service, LAPTOP);
  const [, code, pin] = ADMIN.exec(service.said);
  await page.goto('/en/sign-in/');
  await live(page);
  await enterCode(page, { code, pin });
  await page.waitForURL(/\/desk\//);
  await page.goto('/desk/kiosks');
  await page.locator('input[name="name"]').fill(name);
  await page.locator('button.button-next').click();
  const shown = page.locator('section[role="status"] code');
  const [number, key] = [await shown.nth(0).textContent(), await shown.nth(1).textContent()];
  await context.close();
  return { number, key };
}

/** A browser that has become that kiosk, at its attract view; `dress` prepares it before its first page. */
export async function kiosk({ service, browser }, name, { size = { width: 1200, height: 800 }, dress = async () => {}, ...options } = {}) {
  const own = await enrolled({ service, browser }, name);
  const device = await visitor(browser, service, { ...LAPTOP, viewport: size }, options);
  const { page } = device;
  await dress(device.context);
  await holdClock(page);
  await page.goto('/kiosk');
  await live(page);
  await page.locator('#kiosk-number').fill(own.number);
  await page.locator('#kiosk-key').fill(own.key);
  await page.locator('#kiosk-new-pin').fill('258047');
  await page.locator('#kiosk-pin-again').fill('258047');
  await hook(page, 'kiosk-enrol-go').click();
  await hook(page, 'kiosk-begin').waitFor();
  await live(page);
  return { ...device, own };
}

/** A member's phone, signed in on the way to an address. */
export async function phone({ service, browser }, member, to) {
  const own = await visitor(browser, service, PHONE, { expected: [/409/, /410/, /404/] });
  const { page } = own;
  await page.goto(to);
  await page.locator('input[name="code"]').fill(member.code);
  await page.locator('input[name="pin"]').fill(member.pin);
  await page.locator('main button.button-next').first().click();
  await page.waitForURL((url) => url.pathname === to.split('?')[0]);
  return own;
}
