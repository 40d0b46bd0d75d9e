export { costLimitPlugin } from './cost-limit.js';
export { aliasLimit, depthLimit, rootFieldLimit } from './rules.js';
