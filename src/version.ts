import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ROOT } from './root.js';

export const SERVER_NAME = 'Lifeguard';

/** As in `package.json`. */
export const SERVER_VERSION: string = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8'))).version;
