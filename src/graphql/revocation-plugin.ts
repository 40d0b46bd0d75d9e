import type { ApolloServerPlugin } from '@apollo/server';
import { OperationTypeNode } from 'graphql';
import { viewerChangesOf } from '../directory/index.js';
import type { Context } from '../request/context.js';

/** Whoever revokes something here sees it refused here from the answer on, whether or not notifications come. */
export const revocationPlugin: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    return {
      async willSendResponse({ contextValue: { app }, operation }) {
        if (operation?.operation === OperationTypeNode.MUTATION) await viewerChangesOf(app).read();
      },
    };
  },
};
