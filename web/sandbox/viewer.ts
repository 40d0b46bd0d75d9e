import { z } from 'zod';

const QUERY =
  'query Sandbox { viewer { kind roles groups scopes clientId tokenExpiresAt user { id } } }';

const viewer = z.object({
  kind: z.string(),
  roles: z.array(z.string()),
  groups: z.array(z.string()),
  scopes: z.array(z.string()),
  clientId: z.string(),
  tokenExpiresAt: z.string(),
  user: z.object({ id: z.string() }).nullable(),
});
const refused = z.object({
  message: z.string(),
  extensions: z
    .object({ code: z.string(), reason: z.string().optional(), hint: z.string().optional() })
    .partial()
    .optional(),
});
const response = z.object({
  data: z.object({ viewer: viewer.nullable() }).nullish(),
  errors: z.array(refused).nonempty().optional(),
});

export type Viewer = z.infer<typeof viewer>;
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly reason: string | undefined;
  readonly message: string;
  readonly hint: string | undefined;
}
/** What the server makes of a token. */
export type ViewerAnswer = { readonly viewer: Viewer } | { readonly refusal: Refusal };

/** Asks the server who the bearer of a token is. Never rejects. */
export async function askViewer(endpoint: string, accessToken: string): Promise<ViewerAnswer> {
  try {
    const answer = await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
      body: JSON.stringify({ query: QUERY }),
    });
    const { data, errors } = response.parse(await answer.json());
    if (data?.viewer) return { viewer: data.viewer };
    return { refusal: refusalOf(answer.status, errors?.[0]) };
  } catch {
    const extensions = { code: 'No answer' };
    return { refusal: refusalOf(0, { message: 'The server cannot be reached.', extensions }) };
  }
}

function refusalOf(status: number, error: z.infer<typeof refused> | undefined): Refusal {
  const { code = 'UNKNOWN', reason, hint } = error?.extensions ?? {};
  return { status, code, reason, hint, message: error?.message ?? 'The server gave no reason.' };
}
