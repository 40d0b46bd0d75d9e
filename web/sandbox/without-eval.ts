import { z } from 'zod';

// Else Zod tries whether it may compile code, which the page's policy refuses and the browser reports.
// Before all others: schemas look at this when they are made.
z.config({ jitless: true });
