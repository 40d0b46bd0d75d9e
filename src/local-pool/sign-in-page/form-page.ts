import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Account } from '../accounts/account.js';
import { CognitoError } from '../errors.js';
import {
  type AuthorizationRequest,
  authorizationRequest,
  pageFor,
} from './authorization-request.js';
import { csrfToken, isOwnForm } from './cookies.js';
import type { PageParts } from './page-parts.js';
import { type Parameters, parametersOf } from './parameters.js';
import { send } from './send-page.js';
import { signedIn } from './signed-in.js';
import type { Page } from './views/layout.js';
import { type Notice, noticeOf, type Refusal, type Visit } from './visit.js';

/** What comes of a form that was sent. */
export type Outcome =
  | { readonly kind: 'signed in'; readonly account: Account }
  | {
      readonly kind: 'next';
      readonly path: string;
      readonly notice?: Notice;
      /** Whom the next page is about. */
      readonly username?: string | undefined;
    }
  | {
      readonly kind: 'show';
      readonly page: FormPage;
      /** What its form begins with. */
      readonly sent: Parameters;
      readonly notice?: string | undefined;
    };

export interface Submission {
  readonly request: AuthorizationRequest;
  readonly form: Parameters;
  readonly parts: PageParts;
}

/** A page with one form: GET shows it, POST runs it. */
export interface FormPage {
  readonly path: string;
  /** Nothing, where it is not this page's turn: the sign-in begins anew. */
  readonly view: (visit: Visit, parts: PageParts) => Page | Promise<Page | undefined>;
  /** What it throws as a CognitoError is shown above the form. */
  readonly submit: (submission: Submission) => Promise<Outcome>;
}

export function addFormPage(app: FastifyInstance, page: FormPage, parts: PageParts): void {
  app.get(page.path, async (incoming, reply) => {
    const parameters = parametersOf(incoming.query);
    const request = await authorizationRequest(parameters, parts.stores.pools);
    const sent = new Map([['username', request.loginHint ?? '']]);
    return show(page, { request, sent, notice: noticeOf(parameters) }, { incoming, reply, parts });
  });
  app.post(page.path, async (incoming, reply) => {
    const parameters = parametersOf(incoming.query);
    const request = await authorizationRequest(parameters, parts.stores.pools);
    const form = parametersOf(incoming.body);
    if (!isOwnForm(incoming, request.pool, form.get('_csrf'))) {
      reply.code(403);
      return show(page, { request, sent: new Map(), error: STALE }, { incoming, reply, parts });
    }
    return run(page, { request, form, parts }, { incoming, reply, parts });
  });
}

interface Exchange {
  readonly incoming: FastifyRequest;
  readonly reply: FastifyReply;
  readonly parts: PageParts;
}

async function run(page: FormPage, submission: Submission, exchange: Exchange) {
  const { request, form } = submission;
  try {
    return await follow(await page.submit(submission), request, exchange);
  } catch (error) {
    if (!(error instanceof CognitoError)) throw error;
    exchange.reply.code(error.type === 'InternalErrorException' ? 500 : 400);
    return show(page, { request, sent: form, error: refusalOf(error) }, exchange);
  }
}

const STALE: Refusal = { message: 'This form was too old. Please fill it in again.' };

/** Which field an error of the API is about. */
const FIELDS: Readonly<Record<string, string>> = {
  CodeMismatchException: 'code',
  ExpiredCodeException: 'code',
  InvalidPasswordException: 'password',
  NotAuthorizedException: 'password',
  UserNotFoundException: 'username',
  UsernameExistsException: 'username',
};

function refusalOf({ type, message }: CognitoError): Refusal {
  return { message, field: FIELDS[type] };
}

async function follow(outcome: Outcome, request: AuthorizationRequest, exchange: Exchange) {
  const { reply, parts } = exchange;
  switch (outcome.kind) {
    case 'signed in':
      return signedIn(outcome.account, request, reply, parts);
    case 'next': {
      const { path, notice, username } = outcome;
      const about = username === undefined ? {} : { login_hint: username };
      return reply.redirect(pageFor(path, request.parameters, { ...about, notice }));
    }
    case 'show':
      return show(outcome.page, { request, sent: outcome.sent, notice: outcome.notice }, exchange);
  }
}

async function show(
  page: FormPage,
  visit: Omit<Visit, 'csrf'>,
  { incoming, reply, parts }: Exchange,
) {
  const { pool, parameters, redirectUri } = visit.request;
  const shown = await page.view({ ...visit, csrf: csrfToken(incoming, reply, pool) }, parts);
  if (shown === undefined)
    return reply.redirect(pageFor('/login', parameters, { notice: 'expired' }), 302);
  return send(reply, shown, redirectUri);
}
