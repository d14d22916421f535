// A list of people at the desk: what is wrong is said by row, then everyone is added and their codes come as a sheet to print.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LAPTOP, PHONE, audit, openBrowser, startService, visitor } from './harness.mjs';

let browser;
let service;
before(async () => {
  browser = await openBrowser();
  service = await startService({ demo: false });
});
after(async () => {
  await browser?.close();
  await service?.stop();
});

const upload = async (page, text) => {
  await page.locator('[name="file"]').setInputFiles({ name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  await page.getByRole('button', { name: 'Check the list' }).click();
};
const width = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test('an administrator adds a list, unit below and all, and each card of the sheet lets somebody in', async () => {
  const { page, leave } = await visitor(browser, service, LAPTOP, { expected: [/422/] });
  await page.goto(service.said.match(/\S+\/admin\/first\?token=\S+/)[0]);
  for (const [name, value] of [['unit', 'County'], ['name', 'Admin'], ['pin', '258047'], ['again', '258047']]) {
    await page.locator(`[name="${name}"]`).fill(value);
  }
  await page.getByRole('button', { name: 'Set up' }).click();
  await page.goto('/desk/units');
  await audit(page);
  await page.locator('[name="name"]').fill('First School');
  await page.getByRole('button', { name: 'Make it' }).click();
  await page.getByRole('rowheader', { name: 'First School' }).waitFor();

  await page.getByRole('link', { name: 'People', exact: true }).click();
  await audit(page);
  await page.getByRole('link', { name: 'Add a list of people' }).click();
  await upload(page, 'name,role,unit\nLi,captain,\n,learner,\nWang,,Second School\n');
  const rows = await page.locator('.deeds tbody tr').allInnerTexts();
  assert.deepEqual(rows.map((row) => row.split('\t').slice(0, 2).map((cell) => cell.trim())), [['2', 'B role'], ['3', 'A name'], ['4', 'C unit']]);
  await audit(page);
  await upload(page, 'name,group,role,unit\nLi,one,,First School\nWang,,trainer,\n');
  await audit(page);
  await page.getByRole('button', { name: 'Add them and show the codes' }).click();
  const codes = await page.locator('.card-code').allInnerTexts();
  assert.equal(codes.length, 2);

  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('.masthead').isVisible(), false, 'only the cards are printed');
  assert.equal(await page.getByText('shown only once').isVisible(), false);
  assert.equal(await page.locator('.card').first().evaluate((card) => getComputedStyle(card).borderStyle), 'dashed');
  await page.emulateMedia({ media: 'screen' });

  const phone = await visitor(browser, service, PHONE);
  await phone.page.goto('/desk/');
  await phone.page.locator('[name="code"]').fill(codes[1]);
  await phone.page.locator('[name="pin"]').fill('258047');
  await phone.page.locator('button.button-next').click();
  await phone.page.getByText('Wang · County').waitFor();
  await phone.leave();

  await page.goto('/desk/audit');
  await page.getByText('added a list of people').first().waitFor();
  await page.setViewportSize({ width: 390, height: 844 });
  assert.equal(await width(page), 0, 'the page fits a phone');
  await leave();
});
