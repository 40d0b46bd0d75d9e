import { useQuery } from '@apollo/client/react';
import { useState } from 'react';
import { Fault } from '../../fault.tsx';
import { MyOrdersDocument, type MyOrdersQueryVariables } from '../../graphql/graphql.ts';
import { PageButtons } from '../../page-buttons.tsx';
import type { Page } from '../../pages.ts';

export const page: Page = { title: 'My orders', order: 4, Content: Orders };

const SIZE = 20;
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** One's own orders: asked for by way of oneself, so that nobody else's can be among them. */
function Orders() {
  const [variables, turnTo] = useState<MyOrdersQueryVariables>({ first: SIZE });
  const { data, previousData, error, loading, refetch } = useQuery(MyOrdersDocument, { variables });
  const orders = (data ?? previousData)?.me.orders;
  if (error) return <Fault error={error} onRetry={() => refetch()} />;
  if (orders === undefined) return <p role="status">Reading…</p>;
  if (orders.nodes.length === 0) return <p>You have ordered nothing yet.</p>;
  return (
    <>
      <table aria-busy={loading}>
        <thead>
          <tr>
            <th scope="col">Placed</th>
            <th scope="col">Status</th>
            <th scope="col">Total</th>
            <th scope="col">Note</th>
          </tr>
        </thead>
        <tbody>
          {orders.nodes.map(({ id, placedAt, status, total, note }) => (
            <tr key={id}>
              <td>{moment.format(new Date(placedAt))}</td>
              <td>{status.toLowerCase()}</td>
              <td>{total}</td>
              <td>{note}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <PageButtons pageInfo={orders.pageInfo} size={SIZE} busy={loading} onTurn={turnTo} />
    </>
  );
}
