import { useState } from 'react';
import { type FaultSwitches, JWKS_MODES, type PoolFaults } from '../pool-faults.ts';
import { FaultForm } from './fault-form.tsx';

const PANEL = 'fault-panel';

/** Makes the local pool fail, to see what the server and a client make of it. */
export function FaultPanel({ faults: switches }: { readonly faults: FaultSwitches }) {
  const [faults, setFaults] = useState<PoolFaults>();
  const [said, say] = useState('');

  const change = async (action: () => Promise<PoolFaults>, done: string) => {
    try {
      setFaults(await action());
      say(done);
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    }
  };
  const load = () => change(() => switches.read(), '');
  const rotate = () =>
    change(async () => {
      await switches.rotateKeys();
      return switches.read();
    }, 'New tokens are signed with a new key.');
  const active = faults ? faults.operations.length + (faults.jwks === 'ok' ? 0 : 1) : 0;

  return (
    <>
      <button type="button" popoverTarget={PANEL} className={active > 0 ? 'warned' : undefined}>
        Pool faults{active > 0 && ` (${active})`}
      </button>
      <section
        id={PANEL}
        popover="auto"
        aria-label="Pool faults"
        className="panel fault-panel"
        onToggle={({ newState }) => newState === 'open' && load()}
      >
        <h2>Pool faults</h2>
        <p>
          The local pool then fails as Cognito may: watch the answers, <code>stale</code> profiles
          and the server's log.
        </p>
        {faults && (
          <>
            <FaultForm
              onAdd={(fault) =>
                change(
                  () => switches.replace({ ...faults, operations: [...faults.operations, fault] }),
                  'Added.',
                )
              }
            />
            <ActiveFaults
              faults={faults}
              onRemove={(removed) =>
                change(
                  () =>
                    switches.replace({
                      ...faults,
                      operations: faults.operations.filter((_fault, index) => index !== removed),
                    }),
                  'Removed.',
                )
              }
            />
            <div className="panel-row">
              <label>
                Published keys (JWKS){' '}
                <select
                  value={faults.jwks}
                  onChange={({ target: { value } }) => {
                    const jwks = JWKS_MODES.find((mode) => mode === value) ?? 'ok';
                    change(() => switches.replace({ ...faults, jwks }), `Keys: ${jwks}.`);
                  }}
                >
                  {JWKS_MODES.map((mode) => (
                    <option key={mode}>{mode}</option>
                  ))}
                </select>
              </label>
              <button type="button" onClick={rotate}>
                Rotate keys
              </button>
            </div>
            <button
              type="button"
              onClick={() => change(() => switches.clear(), 'The pool works again.')}
            >
              Clear all faults
            </button>
          </>
        )}
        <output aria-label="Fault switches">{said}</output>
      </section>
    </>
  );
}

interface ActiveFaultsProps {
  readonly faults: PoolFaults;
  readonly onRemove: (index: number) => void;
}

function ActiveFaults({ faults: { operations }, onRemove }: ActiveFaultsProps) {
  if (operations.length === 0) return <p>No operation fails.</p>;
  const texts = operations.map(({ match, fault, milliseconds, times }) =>
    [
      match === '*' ? 'Every operation' : match,
      fault + (milliseconds === undefined ? '' : ` of ${milliseconds} ms`),
      times === undefined ? 'until cleared' : `${times} more times`,
    ].join(', '),
  );
  return (
    <ul aria-label="Active faults">
      {texts.map((text, index) => (
        // Two alike are told apart by their place alone.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <li key={index}>
          <span>{text}</span>
          <button type="button" aria-label={`Remove ${text}`} onClick={() => onRemove(index)}>
            Remove
          </button>
        </li>
      ))}
    </ul>
  );
}
