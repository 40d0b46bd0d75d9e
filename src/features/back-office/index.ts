import type { Feature } from '../../request/feature.js';
import { BackOfficeResolver } from './back-office.resolver.js';

export const backOffice: Feature = { resolvers: [BackOfficeResolver] };
