import './without-eval.ts';
import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './graphiql.css';
import './sandbox.css';
import './bar/panel.css';
import { ImagePreview } from '@graphiql/react';
import { createRoot } from 'react-dom/client';
import { readConfig } from './config.ts';
import { createFetcher, type Exchange } from './fetcher.ts';
import { LocalPool } from './local-pool.ts';
import { FaultSwitches } from './pool-faults.ts';
import { Sandbox } from './sandbox.tsx';
import { Sessions } from './sessions.ts';
import { appClientsOf, takeCallback } from './sign-in-page.ts';
import { Store } from './store.ts';

// It would fetch what an answer names from elsewhere, which the page's policy refuses.
ImagePreview.shouldRender = () => false;

const callback = takeCallback();
const { endpoint, localPool: address, pools } = readConfig(document);
const localPool = address === null ? undefined : new LocalPool(address);
const clients = appClientsOf(pools);
const sessions = new Sessions({ endpoint, localPool, clients });
const exchange = new Store<Exchange | undefined>(undefined);
const fetcher = createFetcher({
  endpoint,
  exchange,
  session: () => sessions.standing.get().session,
});

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root.');
createRoot(root).render(
  <Sandbox
    sessions={sessions}
    clients={clients}
    localPool={localPool}
    faults={localPool && new FaultSwitches(localPool.endpoint)}
    fetcher={fetcher}
    exchange={exchange}
  />,
);
sessions.resume(callback);
