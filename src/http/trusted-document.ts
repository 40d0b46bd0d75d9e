import type { HTTPGraphQLRequest } from '@apollo/server';
import { BadUserInputError } from '../errors.js';
import { documentHash, type TrustedDocuments } from '../graphql/trusted-documents.js';

class UntrustedDocumentError extends BadUserInputError {
  constructor() {
    super('The operation is not registered here.', {
      reason: 'untrusted_document',
      hint: 'Send the SHA-256 of an operation in a manifest of TRUSTED_DOCUMENTS as `extensions.persistedQuery.sha256Hash`.',
    });
  }
}

/** Apollo Server would call it a fault of ours. */
class PersistedQueryError extends BadUserInputError {
  constructor() {
    super('`extensions.persistedQuery` does not fit.', {
      reason: 'persisted_query',
      hint: 'Send { "version": 1, "sha256Hash": "..." }; beside a `query` the hash must be its own.',
    });
  }
}

/** The very thing that Apollo Server gets: what both read of it cannot differ. */
type AskedBy = Pick<HTTPGraphQLRequest, 'method' | 'search' | 'body'>;

/** Whether anything may be asked for, by its text, or only what is registered. */
export type Allowed = 'any' | 'registered';

/**
 * Refuses an operation that is not registered, before anything parses it. Whatever Apollo Server could read in
 * another way than this does is not registered.
 * @throws UntrustedDocumentError, PersistedQueryError
 */
export function checkDocument(
  request: AskedBy,
  documents: TrustedDocuments,
  allowed: Allowed,
): void {
  const { query, extensions } =
    request.method === 'GET' ? inSearch(request.search) : inBody(request.body);
  const persisted = Reflect.get(Object(extensions), 'persistedQuery');
  const hash = persisted ? hashIn(persisted) : undefined;
  const hasText = query !== undefined && query !== null;
  const text = typeof query === 'string' ? query : '';
  if (hasText && hash !== undefined && hash !== documentHash(text)) throw new PersistedQueryError();
  if (allowed === 'any') return;
  const isRegistered = hasText ? documents.has(text) : documents.get(hash ?? '') !== undefined;
  if (!isRegistered) throw new UntrustedDocumentError();
}

interface Asked {
  readonly query?: unknown;
  readonly extensions?: unknown;
}

function inBody(body: unknown): Asked {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return {};
  return body;
}

/** Apollo Server refuses parameters that come twice. */
function inSearch(search: string): Asked {
  const searchParams = new URLSearchParams(search);
  const query = searchParams.get('query') ?? undefined;
  try {
    return { query, extensions: JSON.parse(searchParams.get('extensions') ?? '{}') };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { query };
  }
}

/** @throws PersistedQueryError */
function hashIn(persisted: object): string {
  const { version, sha256Hash: hash } = persisted as Readonly<Record<string, unknown>>;
  if (version !== 1 || typeof hash !== 'string') throw new PersistedQueryError();
  return hash;
}
