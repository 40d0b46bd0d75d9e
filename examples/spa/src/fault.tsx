import { CombinedGraphQLErrors } from '@apollo/client';

interface FaultProps {
  readonly error: Error;
  /** Undefined: there is nothing to try again. */
  readonly onRetry?: () => unknown;
}

/** What went wrong, what can be done, and what to quote when asking for help. */
export function Fault({ error, onRetry }: FaultProps) {
  const { message, hint, requestId } = wordsOf(error);
  return (
    <div role="alert" className="fault">
      <p>{message}</p>
      {hint && <p>{hint}</p>}
      {requestId && <p className="quiet">Request {requestId}</p>}
      {onRetry && (
        <button type="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** The code and reason by which a page may branch. */
export function reasonOf(error: Error | undefined): { code?: string; reason?: string } {
  const { code, reason } = extensionsOf(error);
  return {
    ...(typeof code === 'string' && { code }),
    ...(typeof reason === 'string' && { reason }),
  };
}

function wordsOf(error: Error) {
  if (!CombinedGraphQLErrors.is(error))
    return { message: 'The server is out of reach.', hint: error.message, requestId: undefined };
  const { hint, requestId } = extensionsOf(error);
  return {
    message: error.errors[0]?.message ?? error.message,
    hint: typeof hint === 'string' ? hint : undefined,
    requestId: typeof requestId === 'string' ? requestId : undefined,
  };
}

function extensionsOf(error: Error | undefined): Readonly<Record<string, unknown>> {
  return (CombinedGraphQLErrors.is(error) && error.errors[0]?.extensions) || {};
}
