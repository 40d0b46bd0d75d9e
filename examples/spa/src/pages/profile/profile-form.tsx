import { useMutation } from '@apollo/client/react';
import { type SubmitEvent, useState } from 'react';
import { Fault } from '../../fault.tsx';
import { type MyProfileFragment, UpdateMyProfileDocument } from '../../graphql/graphql.ts';
import { FIELDS, type FieldName, faultsByField } from './fields.ts';

interface ProfileFormProps {
  readonly profile: MyProfileFragment['profile'];
}

/** Sends what was changed; what the server does not take stands next to the field. */
export function ProfileForm({ profile }: ProfileFormProps) {
  const [update, { loading, error }] = useMutation(UpdateMyProfileDocument, { errorPolicy: 'all' });
  const [notices, setNotices] = useState<readonly string[]>([]);
  const faults = faultsByField(error);

  const save = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setNotices([]);
    const form = new FormData(event.currentTarget);
    const input = changesOf(form, profile);
    if (Object.keys(input).length === 0) return setNotices(['Nothing was changed.']);
    const { data, extensions } = await update({ variables: { input } });
    if (!data) return;
    const pending = data.updateMyProfile.pendingVerifications;
    setNotices([
      'Saved.',
      ...pending.map(({ destination }) => `A code was sent to ${destination}.`),
      ...warningsOf(extensions),
    ]);
  };

  return (
    <form onSubmit={save} noValidate>
      {FIELDS.map(({ name, label, hint }) => (
        <Field
          key={name}
          name={name}
          label={label}
          hint={hint}
          value={profile[name]}
          fault={faults[name]}
        />
      ))}
      <p className="buttons">
        <button type="submit" className="primary" disabled={loading}>
          Save
        </button>
      </p>
      <div role="status">
        {notices.map((notice) => (
          <p key={notice}>{notice}</p>
        ))}
      </div>
      {error && Object.keys(faults).length === 0 && <Fault error={error} />}
    </form>
  );
}

interface FieldProps {
  readonly name: FieldName;
  readonly label: string;
  readonly hint: string | undefined;
  readonly value: string | null;
  readonly fault: string | undefined;
}

function Field({ name, label, hint, value, fault }: FieldProps) {
  return (
    <p className="field">
      <label htmlFor={name}>{label}</label>
      <input
        id={name}
        name={name}
        defaultValue={value ?? ''}
        aria-invalid={fault !== undefined}
        aria-describedby={`${name}-note`}
      />
      <span id={`${name}-note`} className={fault === undefined ? 'quiet' : 'field-fault'}>
        {fault ?? hint}
      </span>
    </p>
  );
}

/** Null removes a value; what is absent stays. */
function changesOf(form: FormData, profile: ProfileFormProps['profile']) {
  const entered = FIELDS.map(({ name }) => [name, String(form.get(name) ?? '').trim()] as const);
  return Object.fromEntries(
    entered
      .filter(([name, value]) => value !== (profile[name] ?? ''))
      .map(([name, value]) => [name, value || null]),
  );
}

/** What the server says beside the data, such as that it could not read the profile back. */
function warningsOf(extensions: Readonly<Record<string, unknown>> | undefined): string[] {
  const { warnings } = extensions ?? {};
  if (!Array.isArray(warnings)) return [];
  return warnings.map((warning: unknown) => String(Reflect.get(Object(warning), 'message')));
}
