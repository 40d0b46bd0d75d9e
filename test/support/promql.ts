import { parser } from '@prometheus-io/lezer-promql';
import type { Series } from './prometheus.js';

type Node = ReturnType<typeof parser.parse>['topNode'];

/** Which series of a metric a PromQL expression asks for. */
export interface Selector {
  readonly metric: string;
  readonly matchers: readonly Matcher[];
  /** The labels by which aggregations around it tell them apart. */
  readonly grouping: readonly string[];
}

interface Matcher {
  readonly label: string;
  readonly operator: string;
  readonly value: string;
}

/**
 * Reads an expression by the grammar of Prometheus' own editor. Variables of Grafana may stand for durations.
 * @throws Error where it is no PromQL.
 */
export function selectorsIn(expression: string): Selector[] {
  const promql = expression.replace(/\$__\w+/g, '5m');
  const textOf = ({ from, to }: Node) => promql.slice(from, to);
  const textIn = (node: Node, name: string) => {
    const child = node.getChild(name);
    return child === null ? '' : textOf(child);
  };
  const found: Selector[] = [];

  function read(node: Node, grouping: readonly string[]): void {
    if (node.type.isError)
      throw new Error(`This is no PromQL, from character ${node.from}: ${promql}`);
    const labels = node.getChild('AggregateModifier')?.getChild('GroupingLabels');
    const within = [...grouping, ...(labels?.getChildren('LabelName').map(textOf) ?? [])];
    if (node.name === 'VectorSelector')
      found.push({
        metric: textIn(node, 'Identifier'),
        matchers: (node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? []).map(
          (matcher) => ({
            label: textIn(matcher, 'LabelName'),
            operator: textIn(matcher, 'MatchOp'),
            value: JSON.parse(textIn(matcher, 'StringLiteral')),
          }),
        ),
        grouping: within,
      });
    for (let child = node.firstChild; child !== null; child = child.nextSibling)
      read(child, within);
  }

  read(parser.parse(promql).topNode, []);
  return found;
}

/** Prometheus documentation, "Querying basics", "Time series selectors": patterns hold for the whole value. */
export function selects({ metric, matchers }: Selector, { name, labels }: Series): boolean {
  return (
    name === metric &&
    matchers.every(({ label, operator, value }) => {
      const actual = labels.get(label) ?? '';
      const isEqual = operator.includes('~')
        ? new RegExp(`^(?:${value})$`).test(actual)
        : actual === value;
      return isEqual !== operator.startsWith('!');
    })
  );
}
