export { type Connection, connectionOf, PageInfo } from './connection.js';
export { Keyset, type KeysetOrder } from './keyset.js';
export { keysetPage } from './keyset-page.js';
export { OrderDirection } from './order-direction.js';
export { askedPage, conditionOf, cursorSealOf, foundPage, type KeysetList } from './page.js';
export { directionOf, ForwardPageArgs, PageArgs } from './page-args.js';
