import type { Feature } from '../../request/feature.js';
import {
  CurrentSessionResolver,
  UserSessionsResolver,
  ViewerSessionsResolver,
} from './session-list.resolver.js';
import { SessionsResolver } from './sessions.resolver.js';

export const sessions: Feature = {
  resolvers: [
    SessionsResolver,
    ViewerSessionsResolver,
    UserSessionsResolver,
    CurrentSessionResolver,
  ],
};
