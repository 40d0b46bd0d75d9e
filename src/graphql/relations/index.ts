export { LoadMany, LoadOne, loadMany, loadOne } from './load.js';
export { type RelatedList, relatedPage } from './related-page.js';
