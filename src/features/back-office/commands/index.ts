import type { AnyCommandKind } from '../command-kind.js';
import { DISABLE_USER, ENABLE_USER } from './access.js';
import { UPDATE_USER_ATTRIBUTES } from './attributes.js';
import { CREATE_GROUP, DELETE_GROUP, UPDATE_GROUP } from './groups.js';
import { INVITE_USER, RESEND_INVITATION } from './invitation.js';
import { ADD_USER_TO_GROUP, REMOVE_USER_FROM_GROUP } from './membership.js';
import { RESET_USER_PASSWORD, SET_TEMPORARY_PASSWORD } from './passwords.js';
import { DELETE_MY_ACCOUNT, DELETE_USER } from './removal.js';
import { END_SESSION, SIGN_OUT_EVERYWHERE, SIGN_OUT_USER } from './sign-out.js';

/** Every kind of command by its action. */
export const commandKinds: ReadonlyMap<string, AnyCommandKind> = new Map(
  [
    ADD_USER_TO_GROUP,
    CREATE_GROUP,
    DELETE_GROUP,
    DELETE_MY_ACCOUNT,
    DELETE_USER,
    DISABLE_USER,
    ENABLE_USER,
    END_SESSION,
    INVITE_USER,
    REMOVE_USER_FROM_GROUP,
    RESEND_INVITATION,
    RESET_USER_PASSWORD,
    SET_TEMPORARY_PASSWORD,
    SIGN_OUT_EVERYWHERE,
    SIGN_OUT_USER,
    UPDATE_GROUP,
    UPDATE_USER_ATTRIBUTES,
  ].map((kind) => [kind.action, kind]),
);
