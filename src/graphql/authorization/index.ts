export { UnresolvableRulesError } from './faults.js';
export { authorizationHooks } from './hooks.js';
export { type Explain, isNestedRefusal } from './refusal.js';
export { type RequestedOperation, refusalsOf } from './refusals.js';
export { RowRules, rowRulesOf } from './rows/row-rules.js';
export { ruledDatabase } from './rows/ruled-database.js';
