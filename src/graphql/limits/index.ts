export { costLimitHooks } from './cost-limit.js';
export { describeCosts } from './describe-costs.js';
export { aliasLimit, depthLimit, rootFieldLimit } from './rules.js';
export { variableFaultLimitHooks } from './variable-faults.js';
