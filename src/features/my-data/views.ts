import { type Condition, ME } from './sql.js';

/** How rows belong to a person that no foreign key tells of, and what of them is theirs to see. */
export interface View {
  readonly belongs: Condition;
  /** A JSON object of the row. */
  readonly shown: Condition;
}

const WHOLE: Condition = (row) => `to_jsonb(${row})`;

/** Other people are shown by their part in it: who acts for the application is not the person's to know. */
const PARTIES: Condition = (row) => `jsonb_build_object(
  'actor', case when ${row}.actor_id = ${ME} then 'SELF' when ${row}.actor_kind = 'PERSON' then 'STAFF'
           else ${row}.actor_kind end,
  'target', case when ${row}.target_id = ${ME} then 'SELF' when ${row}.target_id is not null then 'OTHER' end)`;

const ofParties: Condition = (row) => `(${row}.target_id = ${ME} or ${row}.actor_id = ${ME})`;

const ifActor = (row: string, column: string) =>
  `'${column}', case when ${row}.actor_id = ${ME} then ${row}.${column} end`;
const ifTarget = (row: string, column: string) =>
  `'${column}', case when ${row}.target_id = ${ME} then ${row}.${column} end`;

/** By table. What people did to others is theirs, what it was about is the others'. */
export const VIEWS: Readonly<Record<string, View>> = {
  audit_event: {
    belongs: ofParties,
    shown: (row) => `to_jsonb(${row}) - '{actor_id,target_id}'::text[] || ${PARTIES(row)}
      || jsonb_build_object(${ifActor(row, 'actor_client_id')}, ${ifActor(row, 'request_id')})`,
  },
  audit_detail: {
    belongs: (row) => `exists (select from audit_event as event where event.id = ${row}.event_id
      and (event.target_id = ${ME} or event.actor_id = ${ME} and ${row}.network is not null))`,
    // Where somebody else acted, the network is theirs; where it was done to another, the rest is.
    shown: (row) => `(select case when event.target_id = ${ME}
        then to_jsonb(${row}) - 'operator'
          || jsonb_build_object('network', case when event.actor_id = ${ME} then ${row}.network end)
        else to_jsonb(${row}) - '{operator,reason,before,after}'::text[] end
      from audit_event as event where event.id = ${row}.event_id)`,
  },
  command: {
    belongs: ofParties,
    shown: (
      row,
    ) => `to_jsonb(${row}) - '{actor_id,target_id,aspect,idempotency_key,input_hash}'::text[]
      || ${PARTIES(row)} || jsonb_build_object(
        ${ifActor(row, 'actor_client_id')}, ${ifActor(row, 'request_id')},
        ${ifTarget(row, 'input')}, ${ifTarget(row, 'result')})`,
  },
  job: {
    belongs: (row) => `(
      ${row}.key in (select command.id::text from command where command.target_id = ${ME})
      or exists (select from identity where identity.user_id = ${ME}
        and ${row}.payload @> jsonb_build_object('poolId', identity.pool_id)
        and (${row}.payload->>'subject' = identity.subject or ${row}.payload->>'username' = identity.username)))`,
    shown: (row) => `to_jsonb(${row}) - '{claim,claimed_until}'::text[]`,
  },
  swept_membership: {
    belongs: (row) => `exists (select from identity where identity.user_id = ${ME}
      and identity.pool_id = ${row}.pool_id and identity.subject = ${row}.subject)`,
    shown: WHOLE,
  },
  viewer_change: { belongs: (row) => `${row}.user_id = ${ME}`, shown: WHOLE },
};

/**
 * Tables that hold nothing on a person, and why. A table of yours that no `@Owner()` and no foreign key lead to a
 * user from belongs here or above: a test fails until it does.
 */
export const NOT_PERSONAL: Readonly<Record<string, string>> = {
  call_slot: 'When servers may next ask a pool.',
  mikro_orm_migrations: 'Which migrations were applied.',
  pool_sweep: 'How far the walk through a pool is.',
  server_key: "The servers' own secrets.",
  webhook_message: 'Ids that senders gave to messages, which name nobody.',
};
