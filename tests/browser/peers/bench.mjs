// Our scene beside the same scene in three.js, PlayCanvas and model-viewer, in one interleaved run.
// `ROWS=G4,G7 RUNS=2 node peers/bench.mjs`: all rows and five runs unless told otherwise. Writes target/peers/bench.md and
// bench.json; rows that are not measured anew stay there as they were.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { ROOT, openBrowser, startService } from '../harness.mjs';
import { built } from './build.mjs';
import { linesOf, ROWS } from './rows.mjs';
import { sane } from './sane.mjs';

const RUNS = Number(process.env.RUNS || 5);
const wanted = process.env.ROWS ? process.env.ROWS.split(',').map((id) => id.trim()) : ROWS.map(({ id }) => id);
const unknown = wanted.filter((id) => !ROWS.some((row) => row.id === id));
if (unknown.length || !(RUNS >= 1)) {
  console.error(`ROWS may name ${ROWS.map(({ id }) => id).join(', ')}; RUNS a number. Not known: ${unknown.join(', ') || process.env.RUNS}`);
  process.exit(2);
}
const rows = ROWS.filter(({ id }) => wanted.includes(id));
/** The fastest frames that the browser makes: what a frame costs does not depend on how long the screen makes it wait. */
const FAST = ['--disable-gpu-vsync', '--disable-frame-rate-limit'];
/** From this load on, others were at work beside the two or so processes that a page takes. */
const QUIET_LOAD = 1;

const say = (text) => console.error(`${new Date().toISOString().slice(11, 19)} ${text}`);
say('building the peers');
const { web, pages, scenes, code } = built();
const { site } = JSON.parse(readFileSync(join(ROOT, 'target/private/luding.json')));
const point = site.stations[0].points[0].id;
const loads = [loadavg()[0]];
const service = await startService({ web });
const [browser, fast] = [await openBrowser(), await openBrowser(FAST)];
const bench = { browser, fast, url: service.url, pages, scenes, point, start: () => openBrowser() };
const measured = Object.fromEntries(rows.map(({ id, sides }) => [id, Object.fromEntries(sides.map((side) => [side, []]))]));
try {
  if (process.env.SANE !== '0') await sane(bench, join(ROOT, 'target/peers/shots'), say);
  for (let run = 0; run < RUNS; run += 1) {
    bench.turned = null;
    for (const { id, sides, measure } of rows) {
      for (const side of sides) {
        const began = Date.now();
        // One side that fails is told and leaves its cell as it is; the rest of a long run is not lost with it.
        const found = await measure(bench, side).catch((fault) => ({ fault: fault.message }));
        // A scene left open by a fault would be drawn on beside all that is measured after it.
        for (const context of [...browser.contexts(), ...fast.contexts()]) await context.close().catch(() => {});
        if (found.fault) say(`${id} ${side}: ${found.fault}`);
        else measured[id][side].push({ ...found, load: loadavg()[0] });
        say(`run ${run + 1} of ${RUNS}: ${id} ${side} ${found.value?.toFixed(2) ?? 'failed'} (${((Date.now() - began) / 1000).toFixed(0)} s)`);
      }
    }
    loads.push(loadavg()[0]);
  }
} finally {
  await Promise.allSettled([browser.close(), fast.close()]);
  await service.stop();
}

const folder = join(ROOT, 'target/peers');
mkdirSync(folder, { recursive: true });
const [json, md] = ['bench.json', 'bench.md'].map((name) => join(folder, name));
const kept = existsSync(json) ? JSON.parse(readFileSync(json, 'utf8')).rows : {};
const when = new Date().toISOString().slice(0, 16).replace('T', ' ');
const load = { before: loads[0], most: Math.max(...loads) };
for (const { id } of rows) kept[id] = { when, runs: RUNS, load, measured: measured[id] };
const machine = `${cpus().length} cores (${cpus()[0].model}), SwiftShader`;
writeFileSync(json, `${JSON.stringify({ machine, code, scenes, rows: kept }, null, 1)}\n`);

const known = ROWS.filter(({ id }) => kept[id]);
const dates = [...new Set(known.map(({ id }) => kept[id].when))].map((date) => {
  const then = known.filter(({ id }) => kept[id].when === date).map(({ id }) => id);
  const { runs, load: { before, most } } = kept[then[0]];
  const busy = before > QUIET_LOAD ? ' (**busy machine: only ratios say something**)' : '';
  return `${date} UTC: ${then.join(', ')}, ${runs} runs, load ${before.toFixed(1)} before, ${most.toFixed(1)} at most${busy}`;
});
const table = [
  `Measured on ${machine}; median (range). Ratio: ours over three.js unless said. ${dates.join('; ')}.`, '',
  '| row | what | ours | three.js | PlayCanvas | model-viewer | ratio | must | met |', '|---|---|---|---|---|---|---|---|---|',
  ...known.flatMap((row) => linesOf(row, kept[row.id].measured)).map((line) => `| ${line.join(' | ')} |`),
].join('\n');
writeFileSync(md, `${table}\n`);
console.log(table);
const failed = rows.filter(({ id, sides }) => sides.some((side) => measured[id][side].length < RUNS));
if (failed.length) {
  console.error(`not measured in full: ${failed.map(({ id }) => id).join(', ')}`);
  process.exit(1);
}
