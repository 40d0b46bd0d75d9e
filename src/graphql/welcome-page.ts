import type { ApolloServerPlugin, BaseContext } from '@apollo/server';

/** Plain, because the content security policy of answers allows neither style nor script. */
const html = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Lifeguard</title></head>
<body>
<h1>Lifeguard</h1>
<p>This is a GraphQL endpoint. Send it queries by POST, with an access token of your user pool:</p>
<pre>
curl http://127.0.0.1:4000/graphql \\
  -H 'Content-Type: application/json' \\
  -H "Authorization: Bearer $TOKEN" \\
  -d '{ "query": "{ viewer { kind } }" }'
</pre>
<p>With the local pool, <code>npm run -s token -- ada@example.com</code> prints a token.</p>
</body>
</html>
`;

/** What a browser gets instead of an error. */
export const welcomePage: ApolloServerPlugin<BaseContext> = {
  async serverWillStart() {
    return {
      async renderLandingPage() {
        return { html };
      },
    };
  },
};
