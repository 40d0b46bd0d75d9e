export { type Connection, connectionOf, PageInfo } from './connection.js';
export type { KeysetOrder } from './keyset.js';
export { cursorSealOf, type KeysetList, keysetPage } from './keyset-page.js';
export { directionOf, ForwardPageArgs, PageArgs } from './page-args.js';
