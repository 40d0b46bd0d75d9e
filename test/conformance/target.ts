import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { z } from 'zod';
import type { Target } from './pool-under-test.js';

/** The environment does not say which implementation to check. */
export class NoTargetError extends Error {
  override readonly name = 'NoTargetError';
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * `CONFORMANCE_ENDPOINT`, or AWS in `CONFORMANCE_REGION` by the usual AWS credentials.
 * @throws NoTargetError
 */
export async function targetFrom(environment: Environment): Promise<Target> {
  const { CONFORMANCE_ENDPOINT, CONFORMANCE_REGION, CONFORMANCE_ISSUER } = environment;
  if (CONFORMANCE_ENDPOINT) {
    const endpoint = CONFORMANCE_ENDPOINT.replace(/\/+$/, '');
    return endpointTarget(endpoint, {
      issuer: CONFORMANCE_ISSUER ?? endpoint,
      region: CONFORMANCE_REGION ?? 'us-east-1',
    });
  }
  if (CONFORMANCE_REGION) return awsTarget(CONFORMANCE_REGION);
  throw new NoTargetError(
    'Say what to check: CONFORMANCE_ENDPOINT=http://127.0.0.1:4001, or CONFORMANCE_REGION=eu-central-1 with AWS credentials.',
  );
}

interface EndpointOptions {
  readonly issuer?: string;
  readonly region?: string;
}

/** An implementation of one's own, which takes any credentials. */
export async function endpointTarget(
  endpoint: string,
  { issuer = endpoint, region = 'us-east-1' }: EndpointOptions = {},
): Promise<Target> {
  const cognito = new CognitoIdentityProviderClient({
    region,
    endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  const target = { cognito, endpoint, issuer, patience: 0 };
  const mailbox = `${endpoint}/local-pool/mailbox`;
  if ((await messagesIn(mailbox)) === undefined) return target;
  return {
    ...target,
    lastMessage: async (address) => (await messagesIn(mailbox))?.find(({ to }) => to === address),
  };
}

/** Amazon Cognito itself, whose messages nobody can read here. */
function awsTarget(region: string): Target {
  const endpoint = `https://cognito-idp.${region}.amazonaws.com`;
  // Pools and their clients may be changed five times a second: the SDK waits as long as it is told to.
  const cognito = new CognitoIdentityProviderClient({
    region,
    retryMode: 'adaptive',
    maxAttempts: 10,
  });
  return { cognito, endpoint, issuer: endpoint, patience: 15_000 };
}

const mailboxShape = z.object({
  messages: z.array(z.object({ to: z.string(), text: z.string(), code: z.string().optional() })),
});

/** What Lifeguard's local pool would have sent, newest first; undefined where there is no such mailbox. */
async function messagesIn(mailbox: string) {
  try {
    const response = await fetch(mailbox, {
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(5000),
    });
    return mailboxShape.safeParse(await response.json()).data?.messages;
  } catch {
    return undefined;
  }
}
