import sequencers from '@jest/test-sequencer';

// Its types are those of its CommonJS build, which has it below `default`.
const Sequencer = sequencers as unknown as typeof sequencers.default;

type Tests = Parameters<InstanceType<typeof Sequencer>['sort']>[0];

/** Minutes, or most of one. */
const LONG =
  /\/(tutorial\.unit|sandbox\.browser|sync|killed-command|database-faults|pool-faults|sweep-faults|restart|search-index)\./;

/**
 * Where nothing is known of earlier runs, jest begins with the largest files, and would wait at the end for a small
 * one that takes minutes.
 */
export default class LongestFirst extends Sequencer {
  override sort(tests: Tests): Tests {
    const sorted = Array.from(super.sort(tests) as Tests);
    const isLong = ({ path }: Tests[number]) => LONG.test(path);
    return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))];
  }
}
