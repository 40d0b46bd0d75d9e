import type { SchemaAttribute } from '../accounts/attribute-schema.js';
import type { AttributeList } from '../accounts/attributes.js';
import { isWritable } from '../pools/client-attributes.js';
import type { Pool, PoolClient } from '../pools/pool-store.js';
import type { Parameters } from './parameters.js';
import type { Field } from './views/form.js';

/** How the standard attributes are asked for; other ones cannot be required. */
const INPUTS: Readonly<Record<string, Omit<Field, 'name'>>> = {
  email: { label: 'E-mail address', type: 'email', autocomplete: 'email' },
  phone_number: {
    label: 'Phone number',
    type: 'tel',
    autocomplete: 'tel',
    hint: 'With the country code, such as +14155550100.',
  },
  name: { label: 'Name', autocomplete: 'name' },
  given_name: { label: 'Given name', autocomplete: 'given-name' },
  middle_name: { label: 'Middle name', autocomplete: 'additional-name' },
  family_name: { label: 'Family name', autocomplete: 'family-name' },
  nickname: { label: 'Nickname', autocomplete: 'nickname' },
  preferred_username: { label: 'Preferred user name', autocomplete: 'nickname' },
  profile: { label: 'Address of your profile', type: 'url', autocomplete: 'url' },
  picture: { label: 'Address of your picture', type: 'url', autocomplete: 'photo' },
  website: { label: 'Website', type: 'url', autocomplete: 'url' },
  gender: { label: 'Gender', autocomplete: 'sex' },
  birthdate: { label: 'Date of birth', type: 'date', autocomplete: 'bday' },
  zoneinfo: { label: 'Time zone', autocomplete: 'off', hint: 'Such as Europe/Lisbon.' },
  locale: { label: 'Language', autocomplete: 'language', hint: 'Such as en or pt-BR.' },
  address: { label: 'Postal address', autocomplete: 'street-address' },
};

/** The attributes that a new person is asked for: an e-mail address, where codes go to, and what is required. */
export function signUpAttributes({ settings }: Pool, client: PoolClient): string[] {
  const { SchemaAttributes, UsernameAttributes, AutoVerifiedAttributes } = settings;
  const isAsked = ({ Name, Required }: SchemaAttribute) =>
    Required || Name === 'email' || AutoVerifiedAttributes.some((verified) => verified === Name);
  // Where people sign in by an address, it is asked for in place of a user name.
  const isUsername = ({ Name, Required }: SchemaAttribute) =>
    UsernameAttributes.some((name) => name === Name) &&
    (UsernameAttributes.length === 1 || !Required);
  return SchemaAttributes.filter(
    (attribute) =>
      isAsked(attribute) && !isUsername(attribute) && isWritable(client.settings, attribute.Name),
  ).map(({ Name }) => Name);
}

/** Whether a new account cannot do without it: the pool says so, or no code would go anywhere. */
function isNeeded({ settings }: Pool, name: string): boolean {
  const { SchemaAttributes, AutoVerifiedAttributes: verified } = settings;
  const isRequired = SchemaAttributes.some(({ Name, Required }) => Name === name && Required);
  return isRequired || (verified.length === 1 && verified[0] === name);
}

export function attributeFields(pool: Pool, names: readonly string[]): Field[] {
  return names.map((name) => ({
    ...(INPUTS[name] ?? { label: name, autocomplete: 'off' }),
    name,
    optional: !isNeeded(pool, name),
  }));
}

/** What was filled in. */
export function sentAttributes(names: readonly string[], form: Parameters): AttributeList {
  return names.flatMap((Name) => {
    const Value = form.get(Name);
    return Value === undefined ? [] : [{ Name, Value }];
  });
}
