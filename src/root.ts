import { findPackageJSON } from 'node:module';
import { pathToFileURL } from 'node:url';

const packageFile = findPackageJSON(import.meta.url);
if (packageFile === undefined) throw new Error('There is no package.json above the code.');

/** The folder of `package.json`, wherever below it this code was compiled or bundled to. */
export const ROOT = new URL('.', pathToFileURL(packageFile));
