import type { Feature } from '../../request/feature.js';
import { MyDataResolver } from './my-data.resolver.js';

export { readCatalogue, type Table } from './catalogue.js';
export { holdingsOf } from './ownership.js';

/** What is held on people, for them. */
export const myData: Feature = { resolvers: [MyDataResolver] };
