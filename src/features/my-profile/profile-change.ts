import { ProfileInputError } from './my-profile.errors.js';
import { ATTRIBUTES, type UpdateMyProfileInput } from './my-profile.inputs.js';

/** The name of an input of `updateMyProfile`. */
export type ProfileInput = keyof typeof ATTRIBUTES;

/** The inputs that were given, null ones too. */
export function givenInputs(input: UpdateMyProfileInput): ProfileInput[] {
  const names = Object.keys(ATTRIBUTES) as ProfileInput[]; // the keys of a constant, as it is written
  return names.filter((name) => input[name] !== undefined);
}

/**
 * Values by the pool's names, blank where they are to be removed.
 * @throws ProfileInputError that names every input that the pool, or a reader of the profile, would refuse
 */
export function attributesOf(input: UpdateMyProfileInput): Readonly<Record<string, string>> {
  const given = givenInputs(input);
  if (given.length === 0) throw new ProfileInputError(['The input `input` must name a change.']);
  const faults = given.flatMap((name) => {
    const value = input[name];
    const fault = value == null ? undefined : faultOf(name, value);
    return fault === undefined ? [] : [`The input \`${name}\` ${fault}.`];
  });
  if (faults.length > 0) throw new ProfileInputError(faults);
  return Object.fromEntries(given.map((name) => [ATTRIBUTES[name], input[name] ?? '']));
}

/** As many as the pool keeps ("AttributeValueType" of the API reference). */
const MAX_LENGTH = 2048;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

interface Form {
  readonly fits: (value: string) => boolean;
  /** Completes the sentence "The input `x` ...". */
  readonly rule: string;
}

const WEB_ADDRESS: Form = {
  fits: (value) => URL.canParse(value) && new URL(value).protocol === 'https:',
  rule: 'must be an https URL',
};

const FORMS: { readonly [Name in ProfileInput]?: Form } = {
  picture: WEB_ADDRESS,
  website: WEB_ADDRESS,
  email: {
    fits: (value) => /^[^@\s]{1,64}@[^@\s]{1,255}$/.test(value),
    rule: 'must be an e-mail address',
  },
  phoneNumber: {
    // ITU-T E.164: a plus sign and at most 15 digits.
    fits: (value) => /^\+[1-9]\d{1,14}$/.test(value),
    rule: 'must be a phone number in the form of E.164, such as +351210000000',
  },
};

function faultOf(name: ProfileInput, value: string): string | undefined {
  if (value.length === 0) return 'must not be empty: null removes it';
  if (value.length > MAX_LENGTH) return `must have at most ${MAX_LENGTH} characters`;
  if (CONTROL.test(value)) return 'must not have control characters';
  const form = FORMS[name];
  return form === undefined || form.fits(value) ? undefined : form.rule;
}
