import { CLAIMS } from './hostile-claims.js';
import type { Matrix } from './hostile-fixture.js';
import { FORMS } from './hostile-forms.js';
import { JOSE } from './hostile-jose.js';
import { SIGNATURES } from './hostile-signatures.js';

/** All hostile tokens, by what is wrong with them. */
export const MATRIX: Matrix = { ...SIGNATURES, ...JOSE, ...FORMS, ...CLAIMS };
