import type { PasswordPolicy } from '../../accounts/password-policy.js';
import type { Pool } from '../../pools/pool-store.js';
import type { Field } from './form.js';

/** By what people are known to the pool: a user name, or one of their addresses. */
export function usernameField({ settings }: Pool): Field {
  const { UsernameAttributes, AliasAttributes } = settings;
  const names = UsernameAttributes.length > 0 ? UsernameAttributes : ['username'];
  return nameField([...names, ...AliasAttributes]);
}

/** What a new person is called. */
export function newUsernameField({ settings }: Pool): Field {
  const { UsernameAttributes: names } = settings;
  return {
    ...nameField(names.length > 0 ? names : ['username']),
    ...(names.includes('phone_number') && {
      hint: 'A phone number begins with its country code, such as +14155550100.',
    }),
  };
}

function nameField(names: readonly string[]): Field {
  const isEmail = names.every((name) => name === 'email');
  return {
    name: 'username',
    label: listed(names.map((name) => WORDS[name] ?? name)),
    type: isEmail ? 'email' : 'text',
    autocomplete: 'username',
  };
}

export const codeField: Field = {
  name: 'code',
  label: 'Code',
  autocomplete: 'one-time-code',
  inputmode: 'numeric',
};

export const passwordField: Field = {
  name: 'password',
  label: 'Password',
  type: 'password',
  autocomplete: 'current-password',
};

export function newPasswordField(label: string, { settings }: Pool): Field {
  return {
    name: 'password',
    label,
    type: 'password',
    autocomplete: 'new-password',
    hint: policyHint(settings.Policies.PasswordPolicy),
  };
}

/** What a pool asks of passwords. */
function policyHint(policy: PasswordPolicy): string {
  const parts = [
    ...(policy.RequireUppercase ? ['an upper-case letter'] : []),
    ...(policy.RequireLowercase ? ['a lower-case letter'] : []),
    ...(policy.RequireNumbers ? ['a number'] : []),
    ...(policy.RequireSymbols ? ['a symbol'] : []),
  ];
  const length = `At least ${policy.MinimumLength} characters`;
  if (parts.length === 0) return `${length}.`;
  return `${length}, with ${new Intl.ListFormat('en-GB').format(parts)}.`;
}

const WORDS: Readonly<Record<string, string>> = {
  username: 'user name',
  preferred_username: 'preferred user name',
  email: 'e-mail address',
  phone_number: 'phone number',
};

/** Names in a row, as a label begins. */
function listed(names: readonly string[]): string {
  const text = new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(names);
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
