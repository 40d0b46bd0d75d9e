import { z } from 'zod';

// Imported before all else: Zod tries once whether it may compile code, which violates the page's policy.
z.config({ jitless: true });
