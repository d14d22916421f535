// A hall's kiosk and a learner's own phone: the admin enrols the kiosk, the learner sees which it is and decides.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LAPTOP, PHONE, audit, opened, visitor } from './harness.mjs';

const { service, browser } = await opened();
const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const width = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
const ask = async (path, fields) => {
  const answer = await fetch(service.url + path, { method: 'POST', body: new URLSearchParams(fields) });
  return answer.json();
};

async function signIn(page, code, pin) {
  await page.locator('[name="code"]').fill(code);
  await page.locator('[name="pin"]').fill(pin);
  await page.locator('button.button-next').click();
}

test('a learner lets the kiosk before them record, after seeing which it is', async () => {
  const desk = await visitor(browser, service, LAPTOP);
  await desk.page.goto('/desk/kiosks');
  await signIn(desk.page, 'DMNS-TRTR', '517390');
  await desk.page.getByRole('heading', { name: 'Kiosks' }).waitFor();
  await audit(desk.page);
  await desk.page.locator('[name="name"]').fill('Headset 3');
  await desk.page.getByRole('button', { name: 'Enrol and show the key' }).click();
  await desk.page.getByText('Enrolled: Headset 3').waitFor();
  const [client_id, client_secret] = await desk.page.locator('dd code').allInnerTexts();
  await desk.page.goto('/desk/codes?who=everyone');
  await audit(desk.page);
  await desk.page.setViewportSize({ width: 390, height: 844 });
  assert.equal(await width(desk.page), 0, 'the list of codes fits a phone');
  await desk.page.goto('/desk/kiosks');
  assert.equal(await width(desk.page), 0, 'and so does that of kiosks');
  await desk.leave();

  const shown = await ask('/v1/device/code', { client_id, client_secret });
  const phone = await visitor(browser, service, PHONE);
  await phone.page.goto(new URL(shown.verification_uri_complete).pathname + new URL(shown.verification_uri_complete).search);
  await phone.page.getByRole('heading', { name: '先登录，再连接终端' }).waitFor();
  await audit(phone.page);
  await signIn(phone.page, 'LRNR-BCDF', '281604');
  await phone.page.getByText('Headset 3').waitFor();
  await phone.page.getByText('示例单位').waitFor();
  await phone.page.getByText('示例学员甲').waitFor();
  await audit(phone.page);
  assert.equal(await width(phone.page), 0, 'the page fits a phone');
  await phone.page.getByRole('button', { name: '同意', exact: true }).click();
  await phone.page.getByText('已同意').waitFor();
  const token = await ask('/v1/device/token', { client_id, client_secret, grant_type: GRANT, device_code: shown.device_code });
  assert.match(token.access_token, /^[0-9a-f]{64}$/);
  await phone.leave();
});
