import { Amplify } from 'aws-amplify';
import * as auth from 'aws-amplify/auth';
import type { ClientPlace } from './place.js';

/** `aws-amplify` as it is, but for what cannot be handed out of a page. */
export const amplify = {
  ...auth,

  configure({ endpoint, poolId, clientId }: ClientPlace): void {
    Amplify.configure({
      Auth: {
        Cognito: {
          userPoolId: poolId,
          userPoolClientId: clientId,
          userPoolEndpoint: endpoint,
        },
      },
    });
  },

  /** Its value changes: it is exported as a variable. */
  autoSignIn: () => auth.autoSignIn(),

  /** The tokens as texts. */
  async tokens(forceRefresh: boolean) {
    const { tokens, userSub } = await auth.fetchAuthSession({ forceRefresh });
    return {
      userSub,
      accessToken: tokens?.accessToken.toString(),
      idToken: tokens?.idToken?.toString(),
    };
  },
};
