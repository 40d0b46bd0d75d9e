import { type HostileRequest, INPUT, JSON_TYPE } from './hostile-request.js';
import { INTROSPECTION } from './introspection.js';
import { INVALID_DOCUMENTS, SYNTAX_FAULTS } from './invalid-documents.js';
import { LIMIT_DOCUMENTS } from './limit-documents.js';
import { VALUES } from './values.js';

/** Operations that are sent as they should be. */
export const DOCUMENTS: readonly HostileRequest[] = [
  ...LIMIT_DOCUMENTS,
  ...INVALID_DOCUMENTS,
  ...SYNTAX_FAULTS,
  ...VALUES,
  ...INTROSPECTION,
].map(([what, says, query, variables]) => ({
  what,
  says,
  status: 400,
  // Inputs are looked at, and costs counted, once a viewer may do it at all.
  ...(says.startsWith(INPUT) && { forStrangers: '401 UNAUTHENTICATED anonymous' }),
  send: { headers: JSON_TYPE, body: JSON.stringify({ query, variables }) },
}));
