import { type FieldNode, Kind, type SelectionSetNode, type ValidationContext } from 'graphql';

export interface Fold {
  /** The number of a field, from that of its own selections. */
  field(node: FieldNode, below: () => number): number;
  /** Joins the numbers of selections that stand side by side; starts from 0. */
  join(left: number, right: number): number;
}

/**
 * Folds a selection set into a number with its fragments spread. Each fragment is folded once, so
 * that fragments which multiply each other cost no more than their text; a cycle, which another
 * rule reports, and an unknown fragment count as nothing.
 */
export function selectionFold(
  context: ValidationContext,
  { field, join }: Fold,
): (selections: SelectionSetNode) => number {
  const byFragment = new Map<string, number>();

  function ofFragment(name: string): number {
    const known = byFragment.get(name);
    if (known !== undefined) return known;
    byFragment.set(name, 0);
    const fragment = context.getFragment(name);
    const value = fragment ? ofSelections(fragment.selectionSet) : 0;
    byFragment.set(name, value);
    return value;
  }

  function ofSelections({ selections }: SelectionSetNode): number {
    return selections
      .map((node) => {
        if (node.kind === Kind.FRAGMENT_SPREAD) return ofFragment(node.name.value);
        if (node.kind === Kind.INLINE_FRAGMENT) return ofSelections(node.selectionSet);
        return field(node, () => (node.selectionSet ? ofSelections(node.selectionSet) : 0));
      })
      .reduce((joined, value) => join(joined, value), 0);
  }

  return ofSelections;
}

export function sum(left: number, right: number): number {
  return left + right;
}
