import { type FormEvent, useState } from 'react';
import { FAULTS, type OperationFault } from '../pool-faults.ts';

/** What the server and its clients call most, and Cognito's quota categories. */
const OPERATIONS = ['AdminGetUser', 'ListUsers', 'InitiateAuth', 'AdminDisableUser', 'GetUser'];
const CATEGORIES = [
  'UserRead',
  'UserList',
  'UserResourceRead',
  'UserUpdate',
  'UserCreation',
  'UserAccountRecovery',
  'UserAuthentication',
  'UserToken',
];

export function FaultForm({ onAdd }: { readonly onAdd: (fault: OperationFault) => void }) {
  const [fault, setFault] = useState<OperationFault['fault']>('throttling');
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const times = Number(form.get('times'));
    onAdd({
      match: String(form.get('match')),
      fault,
      ...(fault === 'latency' && { milliseconds: Number(form.get('milliseconds')) }),
      ...(times > 0 && { times }),
    });
  };
  return (
    <form onSubmit={submit} className="panel-row">
      <label>
        Operation{' '}
        <select name="match" defaultValue="*">
          <option value="*">every operation</option>
          <optgroup label="Quota category">
            {CATEGORIES.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </optgroup>
          <optgroup label="One operation">
            {OPERATIONS.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </optgroup>
        </select>
      </label>
      <label>
        Fault{' '}
        <select
          value={fault}
          onChange={({ target: { value } }) =>
            setFault(FAULTS.find((name) => name === value) ?? 'throttling')
          }
        >
          {FAULTS.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      {fault === 'latency' && (
        <label>
          Milliseconds{' '}
          <input name="milliseconds" type="number" min="1" max="60000" defaultValue="2000" />
        </label>
      )}
      <label>
        Times <input name="times" type="number" min="1" max="1000" placeholder="always" />
      </label>
      <button type="submit">Add fault</button>
    </form>
  );
}
