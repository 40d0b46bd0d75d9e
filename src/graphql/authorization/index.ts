export { UnresolvableRulesError } from './faults.js';
export { authorizationPlugin } from './plugin.js';
export { type Explain, isNestedRefusal } from './refusal.js';
export { type RequestedOperation, refusalsOf } from './refusals.js';
export { RowRules, rowRulesOf } from './rows/row-rules.js';
export { ruledDatabase } from './rows/ruled-database.js';
