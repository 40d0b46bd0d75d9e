import type { BaseContext } from '@apollo/server';
import type { OperationHooks } from './operation-hooks.js';
import { requestScope } from './request-scope.js';

const LONGEST_NAME = 100;

/** Tells the log and the metrics which operation a request asks for. */
export const operationNameHooks: OperationHooks<BaseContext> = {
  didResolveOperation({ operationName, operation }) {
    const scope = requestScope.getStore();
    if (scope === undefined) return;
    if (operationName) scope.operationName = operationName.slice(0, LONGEST_NAME);
    if (operation !== undefined) scope.operationType = operation.operation;
  },
};
