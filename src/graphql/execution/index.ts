export { executingGateway } from './executor.js';
