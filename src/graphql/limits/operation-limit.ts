import { Kind, type ValidationRule } from 'graphql';
import { type ExceededLimit, limitError } from './limit-error.js';
import { type Fold, selectionFold } from './selection-fold.js';

export interface OperationLimit
  extends Pick<ExceededLimit, 'reason' | 'what' | 'allowed' | 'hint'> {
  readonly fold: Fold;
}

/** A rule that folds every operation of a document into a number and reports the first above the limit. */
export function operationLimit({ fold, ...limit }: OperationLimit): ValidationRule {
  return (context) => ({
    // On entering the document, so that the refusal comes before the errors of the other rules.
    Document({ definitions }) {
      const measure = selectionFold(context, fold);
      for (const node of definitions) {
        if (node.kind !== Kind.OPERATION_DEFINITION) continue;
        const asked = measure(node.selectionSet);
        if (asked > limit.allowed)
          return context.reportError(limitError({ ...limit, asked, node }));
      }
    },
  });
}
