import { OperationTypeNode } from 'graphql';
import { viewerChangesOf } from '../directory/index.js';
import type { Context } from '../request/context.js';
import type { OperationHooks } from './operation-hooks.js';

/** Whoever revokes something here sees it refused here from the answer on, whether or not notifications come. */
export const ownRevocationsHooks: OperationHooks<Context> = {
  willSendResponse({ contextValue: { app }, operation }) {
    if (operation?.operation !== OperationTypeNode.MUTATION) return undefined;
    return viewerChangesOf(app).read();
  },
};
