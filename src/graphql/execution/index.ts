export { createExecutor } from './executor.js';
