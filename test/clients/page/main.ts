import { amplify } from './amplify.js';
import { awsSdk } from './aws-sdk.js';
import { IdentityJs } from './identity-js.js';
import { oidc } from './oidc.js';

export const libraries = { amplify, awsSdk, identityJs: new IdentityJs(), oidc };
export type Libraries = typeof libraries;

/** A call's result, or why it failed, in a form that leaves the page. */
export interface Outcome {
  readonly value?: unknown;
  readonly error?: { readonly name: string; readonly message: string };
}

/** How a test calls a library: by names, and with what JSON can hold. */
globalThis.callLibrary = async ({ library, method, args }) => {
  try {
    const called: unknown = Reflect.get(libraries[library], method);
    if (typeof called !== 'function') throw new TypeError(`${library} has no ${method}.`);
    return { value: await called.apply(libraries[library], args) };
  } catch (error) {
    const { name, message }: { name?: unknown; message?: unknown } = Object(error);
    return { error: { name: String(name), message: String(message) } };
  }
};

declare global {
  var callLibrary: (call: {
    readonly library: keyof Libraries;
    readonly method: string;
    readonly args: readonly unknown[];
  }) => Promise<Outcome>;
}
