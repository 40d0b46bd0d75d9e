import type { Bytes, HttpRequest } from './exchange.js';

/** A request that has to be refused. */
export interface HostileRequest {
  readonly what: string;
  /** A request, or the bytes of what is none. */
  readonly send: HttpRequest | Bytes;
  readonly status: number;
  /** The `code` and, where there is one, the `reason` of the first error. */
  readonly says?: string;
  /** What a request without a token is told where it is not the same, as `401 UNAUTHENTICATED anonymous`. */
  readonly forStrangers?: string;
  /** Answered with a status alone. */
  readonly bare?: true;
}

export const JSON_TYPE = { 'content-type': 'application/json' };

export const nest = (open: string, close: string, times: number, inner: string) =>
  open.repeat(times) + inner + close.repeat(times);

export const many = (count: number, piece: (index: number) => string) =>
  Array.from({ length: count }, (_value, index) => piece(index)).join(' ');

/** An operation that is sent as it should be; `says` as above. */
export type HostileDocument = readonly [
  what: string,
  says: string,
  query: string,
  variables?: object,
];

export const VALIDATION = 'GRAPHQL_VALIDATION_FAILED';
export const SYNTAX = 'GRAPHQL_PARSE_FAILED';
export const INPUT = 'BAD_USER_INPUT';
