import { BadUserInputError, type ErrorDetails } from '../errors.js';

/** A request that HTTP itself, or this server's use of it, does not allow. */
export class RequestError extends BadUserInputError {
  constructor(
    /** A status that says more than 400 does. */
    readonly status: number,
    message: string,
    details: ErrorDetails & { readonly reason: string },
  ) {
    super(message, details);
  }
}

const FAULTS_BY_STATUS: Readonly<
  Record<number, readonly [message: string, reason: string, hint?: string]>
> = {
  400: ['The request is malformed.', 'malformed', 'Send a JSON object with a `query`.'],
  405: ['The method is not allowed here.', 'method', 'Send GraphQL operations by POST.'],
  408: ['The request took too long to arrive.', 'timeout'],
  413: ['The request body is too large.', 'body_size', 'Send less at once.'],
  414: ['The request target is too long.', 'url_size'],
  415: ['The media type is not supported.', 'media_type', 'Send `Content-Type: application/json`.'],
  431: ['The request headers are too large.', 'header_size', 'Send fewer or shorter headers.'],
};

/** The refusal for a status of the request's own fault; 400 for one that is not known here. */
export function requestError(status: number): RequestError {
  const fault = FAULTS_BY_STATUS[status];
  if (fault === undefined) return requestError(400);
  const [message, reason, hint] = fault;
  return new RequestError(status, message, { reason, ...(hint !== undefined && { hint }) });
}
