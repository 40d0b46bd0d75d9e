import type { Fetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { AnswerLine } from './bar/answer-line.tsx';
import { BadTokens } from './bar/bad-tokens.tsx';
import { FaultPanel } from './bar/fault-panel.tsx';
import { SignInAs } from './bar/sign-in-as.tsx';
import { Notice, Status } from './bar/status.tsx';
import { DocsFromTop } from './docs-from-top.tsx';
import { EXAMPLES } from './example-queries.ts';
import { type Exchange, INTROSPECTION } from './fetcher.ts';
import icon from './icon.svg';
import type { LocalPool } from './local-pool.ts';
import { PlainTabs } from './plain-tabs.tsx';
import type { FaultSwitches } from './pool-faults.ts';
import type { Sessions } from './sessions.ts';
import type { AppClient } from './sign-in-page.ts';
import type { Store } from './store.ts';
import { SystemTheme } from './system-theme.tsx';

export interface SandboxProps {
  readonly sessions: Sessions;
  readonly clients: readonly AppClient[];
  readonly localPool: LocalPool | undefined;
  readonly faults: FaultSwitches | undefined;
  readonly fetcher: Fetcher;
  readonly exchange: Store<Exchange | undefined>;
}

/** The whole page: a bar that says who asks, above the editor. */
export function Sandbox(props: SandboxProps) {
  const { sessions, clients, localPool, faults, fetcher, exchange } = props;
  return (
    <>
      <header className="bar">
        <div className="bar-row">
          <h1>
            <img src={icon} alt="" width="22" height="22" /> Lifeguard sandbox
          </h1>
          <SignInAs sessions={sessions} clients={clients} localPool={localPool} />
        </div>
        <div className="bar-row">
          <Status sessions={sessions} />
          <div className="bar-tools">
            <BadTokens sessions={sessions} localPool={localPool} />
            {faults && <FaultPanel faults={faults} />}
            {localPool && (
              <a href={`${localPool.endpoint}/local-pool/mailbox`} target="_blank" rel="noreferrer">
                Mailbox
              </a>
            )}
          </div>
        </div>
        <Notice sessions={sessions} />
      </header>
      <main>
        <GraphiQL
          fetcher={fetcher}
          defaultTabs={EXAMPLES}
          introspectionQueryName={INTROSPECTION}
          inputValueDeprecation
          visiblePlugin="Documentation Explorer"
          defaultEditorToolsVisibility="variables"
          shouldPersistHeaders={false}
          showPersistHeadersSettings={false}
        >
          <GraphiQL.Footer>
            <AnswerLine exchange={exchange} />
          </GraphiQL.Footer>
          <PlainTabs />
          <DocsFromTop />
          <SystemTheme />
        </GraphiQL>
      </main>
    </>
  );
}
