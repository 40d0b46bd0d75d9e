import { z } from 'zod';
import { invalidParameter } from '../errors.js';

/** SchemaAttributeType of the API. */
export const schemaAttribute = z.object({
  Name: z.string().min(1).max(20),
  AttributeDataType: z.enum(['String', 'Number', 'DateTime', 'Boolean']).default('String'),
  DeveloperOnlyAttribute: z.literal(false).default(false),
  Mutable: z.boolean().default(true),
  Required: z.boolean().default(false),
  StringAttributeConstraints: z
    .object({ MinLength: z.string().optional(), MaxLength: z.string().optional() })
    .optional(),
  NumberAttributeConstraints: z
    .object({ MinValue: z.string().optional(), MaxValue: z.string().optional() })
    .optional(),
});
export type SchemaAttribute = z.infer<typeof schemaAttribute>;

/** The standard attributes as every pool has them ("Working with user attributes" in the developer guide). */
const STANDARD: readonly SchemaAttribute[] = [
  { ...standard('sub'), Mutable: false, Required: true, ...length('1', '2048') },
  ...[
    'name',
    'given_name',
    'family_name',
    'middle_name',
    'nickname',
    'preferred_username',
    'profile',
    'picture',
    'website',
    'email',
    'gender',
    'zoneinfo',
    'locale',
    'phone_number',
    'address',
  ].map((name) => ({ ...standard(name), ...length('0', '2048') })),
  { ...standard('birthdate'), ...length('10', '10') },
  { ...standard('email_verified'), AttributeDataType: 'Boolean' },
  { ...standard('phone_number_verified'), AttributeDataType: 'Boolean' },
  {
    ...standard('updated_at'),
    AttributeDataType: 'Number',
    NumberAttributeConstraints: { MinValue: '0' },
  },
];

function standard(Name: string): SchemaAttribute {
  return {
    Name,
    AttributeDataType: 'String',
    DeveloperOnlyAttribute: false,
    Mutable: true,
    Required: false,
  };
}

function length(MinLength: string, MaxLength: string) {
  return { StringAttributeConstraints: { MinLength, MaxLength } };
}

/**
 * A pool's schema: the standard attributes, changed by those of the same name; others are custom ones.
 * @throws CognitoError InvalidParameterException
 */
export function schemaOf(given: readonly SchemaAttribute[]): readonly SchemaAttribute[] {
  const isStandard = ({ Name }: SchemaAttribute) => STANDARD.some((known) => known.Name === Name);
  const custom = given.filter((attribute) => !isStandard(attribute));
  if (custom.some(({ Required }) => Required))
    throw invalidParameter('Required custom attributes are not supported currently.');
  return [
    ...STANDARD.map((known) => ({ ...known, ...given.find(({ Name }) => Name === known.Name) })),
    ...custom.map((attribute) => ({ ...attribute, Name: `custom:${attribute.Name}` })),
  ];
}

/** A pool's schema with further custom attributes. @throws CognitoError InvalidParameterException */
export function addedAttributes(
  schema: readonly SchemaAttribute[],
  given: readonly SchemaAttribute[],
): readonly SchemaAttribute[] {
  if (given.some(({ Required }) => Required))
    throw invalidParameter('Required custom attributes are not supported currently.');
  const added = given.map((attribute) => ({ ...attribute, Name: `custom:${attribute.Name}` }));
  const twice = added.find(({ Name }) => schema.some((known) => known.Name === Name));
  if (twice !== undefined)
    throw invalidParameter(`${twice.Name}: Existing attribute already has name ${twice.Name}.`);
  return [...schema, ...added];
}

/** What is wrong with a value, as Cognito words it; undefined when nothing is. */
export function valueFault(attribute: SchemaAttribute, value: string): string | undefined {
  const { AttributeDataType: type } = attribute;
  if (type === 'Boolean' && value !== 'true' && value !== 'false') return 'Invalid boolean value';
  if (type === 'Number') {
    const { MinValue = '-Infinity', MaxValue = 'Infinity' } =
      attribute.NumberAttributeConstraints ?? {};
    if (!/^-?\d+$/.test(value)) return 'Invalid number';
    if (Number(value) < Number(MinValue)) return `Number must be no less than ${MinValue}`;
    if (Number(value) > Number(MaxValue)) return `Number must be no more than ${MaxValue}`;
  }
  const { MinLength = '0', MaxLength = '2048' } = attribute.StringAttributeConstraints ?? {};
  if (value.length < Number(MinLength)) return `String must be no shorter than ${MinLength}`;
  if (value.length > Number(MaxLength)) return `String must be no longer than ${MaxLength}`;
  return undefined;
}
