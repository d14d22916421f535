// The rows of the table: what is measured, of whom, in which words, and what must hold.
import { PEERS } from './build.mjs';
import { again, opened, readable } from './loading.mjs';
import { memory, perFrame, tasks } from './running.mjs';
import { gaps } from './sound.mjs';
import { OURS } from './visit.mjs';

function median(values) {
  const sorted = [...values].sort((a, b) => a - b), middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
}
const of = (runs, key = 'value') => runs.map((run) => run[key]);
const all = [OURS, ...PEERS];
const secs = { unit: ' s', digits: 1 }, ms = { unit: ' ms', digits: 2 };

/** What a turn costs ours is the same whatever it is held against: measured once a run. */
async function turning(bench, side, scene) {
  if (side !== OURS) return perFrame(bench, side, { scene });
  bench.turned ??= perFrame(bench, side, { scene });
  return bench.turned;
}

/**
 * Each row: `id`, `what`, `sides`, `measure(bench, side)` giving `{ value, … }`, and lines of the table, each with the
 * `key` of a measurement, its `unit` and `digits`, `must` in words, and `held(ours, ratio, sides)` of medians; `ratio` is
 * ours over the `against` side.
 */
export const ROWS = [
  {
    id: 'G3', what: 'readable page (largest contentful paint, poster and title), Slow 4G, 4× CPU', sides: [OURS, 'model-viewer'], measure: readable,
    lines: [{ ...secs, against: 'model-viewer', must: '≤ 2.5 s, ≤ 1.0× model-viewer', held: (ours, ratio) => ours <= 2.5 && ratio <= 1 }],
  },
  {
    id: 'G4', what: 'first interactive 3D frame, Slow 4G (1.6 Mbit/s, 150 ms), 4× CPU', sides: all, measure: (bench, side) => opened(bench, side, { network: 'slow' }),
    lines: [{ ...secs, must: '≤ 2.0×, ≤ 12 s', held: (ours, ratio) => ratio <= 2 && ours <= 12 }],
  },
  {
    id: 'G5', what: 'first interactive 3D frame, 9 Mbit/s, 60 ms, 4× CPU', sides: all, measure: (bench, side) => opened(bench, side, { network: 'fair' }),
    lines: [{ ...secs, must: '≤ 1.6×', held: (_, ratio) => ratio <= 1.6 }],
  },
  {
    id: 'G6', what: 'second visit, 1×', sides: all, measure: again,
    lines: [
      { ...secs, must: '≤ 1.5×', held: (_, ratio) => ratio <= 1.5 },
      { key: 'bytes', what: 'bytes over the network, both ways', unit: ' B', digits: 0, must: '0', held: (ours) => ours === 0, plain: true },
    ],
  },
  {
    id: 'G7', what: 'main thread per frame, turning at mid-span, the draws of our build', sides: all, measure: (bench, side) => turning(bench, side, 'built'),
    lines: [
      { ...ms, must: '≤ 2.5×', held: (_, ratio) => ratio <= 2.5 },
      { key: 'draws', what: 'draws per frame, shadow map with them', unit: '', digits: 0, must: 'alike' },
      { key: 'triangles', what: 'triangles per frame, shadow map with them', unit: '', digits: 0, must: 'alike' },
    ],
  },
  {
    id: 'G8', what: 'main thread per frame, same turn, our site against the source scene, every link a node', sides: all, measure: (bench, side) => turning(bench, side, 'source'),
    lines: [
      { ...ms, must: '≤ 1.0×', held: (_, ratio) => ratio <= 1 },
      { key: 'draws', what: 'draws per frame', unit: '', digits: 0, must: '' },
    ],
  },
  {
    id: 'G8i', what: 'the same, links of the source scene as instances', sides: all, measure: (bench, side) => turning(bench, side, 'instanced'),
    lines: [
      { ...ms, must: '(told beside G8)' },
      { key: 'draws', what: 'draws per frame', unit: '', digits: 0, must: '' },
    ],
  },
  {
    id: 'G11', what: 'longest task within 10 s after the first frame, 1×', sides: all, measure: tasks,
    lines: [
      { unit: ' ms', digits: 0, must: '≤ 100 ms', held: (ours) => ours <= 100 },
      { key: 'blocked', what: 'blocking time until 5 s after the first frame, 9 Mbit/s, 4× CPU', unit: ' ms', digits: 0, must: '≤ 1.5×', held: (_, ratio) => ratio <= 1.5 },
    ],
  },
  {
    id: 'G12', what: 'memory of the page’s process (proportional share)', sides: all, measure: memory,
    lines: [
      { unit: ' MB', digits: 0, must: '≤ 1.7×', held: (_, ratio) => ratio <= 1.7 },
      { key: 'textures', what: 'textures and render targets on the card', unit: ' MB', digits: 1, must: '≤ 128 MB', held: (ours) => ours <= 128 },
    ],
  },
  {
    id: 'G14', what: 'gaps in the sound while the main thread is blocked for 200 ms, ten times', sides: [OURS], measure: gaps,
    lines: [
      { unit: '', digits: 0, must: '0', held: (ours) => ours === 0, worst: true },
      { key: 'unblocked', what: 'gaps in as long a time without a block: the machine’s own', unit: '', digits: 0, must: '' },
    ],
  },
];

/** The lines of the table for what was measured of a row: `runs` is `{ side: [{ value, … }] }`. */
export function linesOf({ id, what, lines }, runs) {
  return lines.map((line) => {
    const { key = 'value', unit, digits, against = 'three', must, held, plain = false, worst = false } = line;
    const cell = (side) => {
      // Figures kept from an earlier bench may lack what is asked now.
      const values = (runs[side] ? of(runs[side], key) : []).filter(Number.isFinite);
      if (!values.length) return '–';
      const [least, most] = [Math.min(...values), Math.max(...values)].map((value) => value.toFixed(digits));
      return `${median(values).toFixed(digits)}${unit}${values.length > 1 && least !== most ? ` (${least}–${most})` : ''}`;
    };
    const ours = runs[OURS]?.length ? (worst ? Math.max(...of(runs[OURS], key)) : median(of(runs[OURS], key))) : null;
    const theirs = runs[against]?.length ? median(of(runs[against], key)) : null;
    const ratio = ours !== null && theirs ? ours / theirs : null;
    const verdict = !held || ours === null || (held.length > 1 && ratio === null) ? '' : held(ours, ratio) ? 'yes' : '**no**';
    return [id, line.what ?? what, ...all.map(cell), ratio === null || plain ? '' : `${ratio.toFixed(2)}×`, must, verdict];
  });
}
