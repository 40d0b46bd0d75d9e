export { costLimitPlugin } from './cost-limit.js';
export { describeCosts } from './describe-costs.js';
export { aliasLimit, depthLimit, rootFieldLimit } from './rules.js';
export { variableFaultLimitPlugin } from './variable-faults.js';
