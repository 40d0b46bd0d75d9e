import { createServer } from 'node:http';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { announceServer } from '../environment.ts';
import { pool } from '../people.ts';
import { viewerOf } from '../viewer.ts';
import { makeGraph } from './graph.ts';

/** Names things as the other graphs do: `id` rather than `rowId`, `users` rather than `allUsers`. */
const NamesPlugin: GraphileConfig.Plugin = {
  name: 'NamesPlugin',
  version: '1.0.0',
  inflection: {
    replace: {
      _attributeName: (previous, _options, details) =>
        previous?.({ ...details, skipRowId: true }) ?? details.attributeName,
      allRowsConnection: (_previous, _options, resource) =>
        resource.name === 'user' ? 'users' : resource.name,
    },
  },
};

await makeGraph();
const server = createServer();
const preset: GraphileConfig.Preset = {
  extends: [PostGraphileAmberPreset],
  plugins: [NamesPlugin],
  disablePlugins: ['NodePlugin'],
  pgServices: [makePgService({ pool, schemas: ['graph'] })],
  grafast: {
    context: async ({ node }) => {
      const { id } = await viewerOf(node?.req.headers.authorization);
      return { pgSettings: { 'viewer.id': id } };
    },
  },
  grafserv: { graphqlPath: '/graphql', graphiql: false, watch: false },
};
await postgraphile(preset).createServ(grafserv).addTo(server);
server.listen(0, '127.0.0.1', () => announceServer(server));
