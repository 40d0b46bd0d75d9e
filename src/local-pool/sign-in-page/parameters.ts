import { isStorable } from '../sql.js';
import { OAuthError } from './oauth-error.js';

/** The parameters of a query or a form, by name. */
export type Parameters = ReadonlyMap<string, string>;

/**
 * The parameters of a parsed query or form. Those without a value count as left out, and none may be
 * there twice (RFC 6749 section 3.1).
 * @throws OAuthError invalid_request
 */
export function parametersOf(given: unknown): Parameters {
  const entries = Object.entries(Object(given)).filter(([, value]) => value !== '');
  return new Map(
    entries.map(([name, value]) => {
      if (typeof value !== 'string')
        throw new OAuthError('invalid_request', `The parameter ${name} is there more than once.`);
      if (!isStorable(name) || !isStorable(value))
        throw new OAuthError('invalid_request', 'A parameter is no text.');
      return [name, value];
    }),
  );
}

/** A URI with parameters added to its query; what is undefined is left out. */
export function withQuery(
  uri: string,
  parameters: Readonly<Record<string, string | undefined>>,
): string {
  const query = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(value)}`],
  );
  if (query.length === 0) return uri;
  return `${uri}${uri.includes('?') ? '&' : '?'}${query.join('&')}`;
}
