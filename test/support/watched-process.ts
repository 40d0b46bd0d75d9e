import { registerHooks } from 'node:module';

// Loaded before a server by `node --import`: tells which modules it loads, and has it fail where it is told to.

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    // In the bundle they are in the file of the module that asks for them.
    const [name] =
      /@(?:opentelemetry|sentry)\/[\w-]+|bundle\/(?:open-telemetry|sentry)/.exec(resolved.url) ??
      [];
    if (name !== undefined) process.stderr.write(`loads ${name}\n`);
    return resolved;
  },
});

process.on('SIGWINCH', () => {
  void Promise.reject(new TypeError('nobody catches what ada@example.com did'));
});
