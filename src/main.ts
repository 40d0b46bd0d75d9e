import { loaded } from './loaded.js';

await loaded('serve', () => import('./serve.js'));
