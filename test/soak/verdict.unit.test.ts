import { expect, test } from '@jest/globals';
import type { Outcome } from '../processes/client-load.js';
import type { Sample } from './measure.js';
import { type Struck, verdict } from './verdict.js';

const SECOND = 1_000;
/** Of milliseconds: a request every 10, for two minutes. */
const LENGTH = 120 * SECOND;
const FAULT: Struck = { name: 'a fault', from: 60 * SECOND, to: 68 * SECOND };

const isDuring = ({ from, to }: Struck, at: number) => at >= from && at < to;

/** What clients see of a server that does as it should: 503 while the fault lasts. */
function outcomes(change: (outcome: Outcome) => Partial<Outcome> = () => ({})): Outcome[] {
  return Array.from({ length: LENGTH / 10 }, (_, index) => {
    const outcome = {
      sentAt: index * 10,
      answeredAt: index * 10 + 5,
      status: isDuring(FAULT, index * 10) ? 503 : 200,
      retryAfter: undefined,
      code: undefined,
      text: '',
      isReused: true,
    };
    return { ...outcome, ...change(outcome) };
  });
}

function samples(growth: Partial<Sample> = {}): Sample[] {
  return Array.from({ length: 90 }, (_, index) => {
    const isLate = index >= 60;
    const of = (name: keyof Sample, usual: number) => usual + (isLate ? (growth[name] ?? 0) : 0);
    return {
      at: index * SECOND,
      heapBytes: of('heapBytes', 40e6),
      residentBytes: of('residentBytes', 300e6),
      files: of('files', 40),
    };
  });
}

test('a server that answers 503 during a fault, and well otherwise, has passed', () => {
  const { faults, overall, wrong } = verdict(outcomes(), [FAULT], samples());
  expect(wrong).toEqual([]);
  expect(faults).toMatchObject([{ requests: 1300, 'not answered': 800, 'first good after ms': 5 }]);
  expect(overall).toMatchObject({ 'good of them': '100 %', 'neither good nor 503': 0 });
});

test('one bad answer in a thousand outside of faults is too many', () => {
  const few = outcomes(({ sentAt }) => (sentAt % 20_000 === 0 ? { status: 503 } : {}));
  expect(verdict(few, [FAULT], samples()).wrong).toEqual([]);
  const many = outcomes(({ sentAt }) => (sentAt % 8_000 === 0 ? { status: 503 } : {}));
  expect(verdict(many, [FAULT], samples()).wrong).toEqual([
    expect.stringMatching(/^99\.8\d+ % were good outside of faults\.$/),
  ]);
});

test.each([
  ['during a fault', FAULT.from],
  ['outside of faults', 10 * SECOND],
])('an answer that is neither good nor 503 %s is one too many', (_when, at) => {
  const broken = outcomes(({ sentAt }) => (sentAt === at ? { status: 500, text: 'oh' } : {}));
  expect(verdict(broken, [FAULT], samples()).wrong).toEqual([
    'Answers were neither good nor 503: 500 oh.',
  ]);
});

test('the first good answer must not be late', () => {
  const until = { ...FAULT, to: FAULT.to + 6 * SECOND };
  const late = outcomes(({ sentAt }) => (isDuring(until, sentAt) ? { status: 503 } : {}));
  expect(verdict(late, [FAULT], samples()).wrong).toContain('No good answer after: a fault.');
});

test.each([
  ['heapBytes', 21e6, 'The heap grew.'],
  ['residentBytes', 51e6, 'The process grew.'],
  ['files', 16, 'More files are open.'],
] as const)('what grows is told: %s', (name, more, told) => {
  expect(verdict(outcomes(), [FAULT], samples({ [name]: more })).wrong).toEqual([told]);
});
