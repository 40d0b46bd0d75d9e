import type { Html } from '../../html.js';
import type { PasswordPolicy } from '../../password-policy.js';
import type { Pool } from '../../pool-store.js';
import { type Field, field } from './form.js';

type Given = Partial<Pick<Field, 'value' | 'autofocus' | 'faulty'>>;

/** By what people are known to the pool: a user name, or one of their addresses. */
export function usernameField({ settings }: Pool, given: Given): Html {
  const { UsernameAttributes, AliasAttributes } = settings;
  const [only, ...more] = UsernameAttributes.length > 0 ? UsernameAttributes : ['username'];
  const names = [only, ...more, ...AliasAttributes].map((name) => WORDS[name ?? ''] ?? '');
  const isEmail = only === 'email' && more.length === 0;
  return field({
    name: 'username',
    label: listed(names),
    type: isEmail ? 'email' : 'text',
    autocomplete: 'username',
    ...given,
  });
}

/** What a new person is called. */
export function newUsernameField({ settings }: Pool, given: Given): Html {
  const { UsernameAttributes: names } = settings;
  const isEmail = names.length === 1 && names[0] === 'email';
  return field({
    name: 'username',
    label: names.length === 0 ? 'User name' : listed(names.map((name) => WORDS[name] ?? '')),
    type: isEmail ? 'email' : 'text',
    autocomplete: 'username',
    ...(names.includes('phone_number') && {
      hint: 'A phone number with its country code, such as +14155550100.',
    }),
    ...given,
  });
}

export function codeField(given: Given & Pick<Field, 'hint'>): Html {
  return field({
    name: 'code',
    label: 'Code',
    autocomplete: 'one-time-code',
    inputmode: 'numeric',
    ...given,
  });
}

export function passwordField(given: Given & Pick<Field, 'label' | 'autocomplete' | 'hint'>): Html {
  return field({ name: 'password', type: 'password', ...given });
}

export function newPasswordField({ settings }: Pool, given: Given): Html {
  return passwordField({
    label: 'New password',
    autocomplete: 'new-password',
    hint: policyHint(settings.Policies.PasswordPolicy),
    ...given,
  });
}

/** What a pool asks of passwords. */
export function policyHint(policy: PasswordPolicy): string {
  const parts = [
    ...(policy.RequireUppercase ? ['an upper-case letter'] : []),
    ...(policy.RequireLowercase ? ['a lower-case letter'] : []),
    ...(policy.RequireNumbers ? ['a number'] : []),
    ...(policy.RequireSymbols ? ['a symbol'] : []),
  ];
  const length = `At least ${policy.MinimumLength} characters`;
  return parts.length === 0
    ? `${length}.`
    : `${length}, with ${new Intl.ListFormat('en').format(parts)}.`;
}

const WORDS: Readonly<Record<string, string>> = {
  username: 'user name',
  preferred_username: 'preferred user name',
  email: 'e-mail address',
  phone_number: 'phone number',
};

/** Names in a row, as a label begins. */
function listed(names: readonly string[]): string {
  const text = new Intl.ListFormat('en', { type: 'disjunction' }).format(names);
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
