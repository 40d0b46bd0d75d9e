export { type Connection, connectionOf } from './connection.js';
export { type KeysetList, keysetPage } from './keyset-page.js';
export { PageArgs } from './page-args.js';
