import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { benchDirectory } from './directory/bench.js';
import { benchFlood } from './flood/flood.js';
import { report } from './report.js';
import { benchStarts } from './start/bench.js';
import { startReport } from './start/report.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    write: { type: 'boolean', default: false },
    start: { type: 'boolean', default: false },
  },
});
if (values.start) {
  process.stdout.write(startReport(await benchStarts()));
  process.exit(0);
}
if (positionals[0] === 'flood') {
  process.stdout.write(await benchFlood());
  process.exit();
}

const sizes = positionals.length > 0 ? positionals.map(Number) : [1_000, 100_000, 1_000_000];
if (sizes.some((size) => !Number.isInteger(size) || size < 1_000)) {
  process.stderr.write(
    'Give numbers of users, from 1000 on. Example: npm run bench -- 1000 100000\n',
  );
  process.exit(1);
}

const text = report(await benchDirectory(sizes.sort((a, b) => a - b)));
process.stdout.write(text);
if (values.write) await writeFile(new URL('../../bench/RESULTS.md', import.meta.url), text);
