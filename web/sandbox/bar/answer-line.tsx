import type { Exchange } from '../fetcher.ts';
import { type Store, useStore } from '../store.ts';

/** What HTTP says of the editor's last answer. */
export function AnswerLine({ exchange }: { readonly exchange: Store<Exchange | undefined> }) {
  const last = useStore(exchange);
  return (
    <output aria-label="Last answer" className="answer-line">
      {last && (
        <>
          <b className={last.codes.length > 0 ? 'refused' : 'answered'}>HTTP {last.status}</b>
          {last.codes.length > 0 && <span>{[...new Set(last.codes)].join(', ')}</span>}
          <span>{last.milliseconds} ms</span>
          {last.requestId !== undefined && <span>request {last.requestId}</span>}
        </>
      )}
    </output>
  );
}
