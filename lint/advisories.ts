import { spawnSync } from 'node:child_process';

// Names the packages that advisories warn of. Not every registry has advisories: without them it says so, and is no failure.
const { stdout } = spawnSync('npm', ['audit', '--json', '--omit=dev', '--audit-level=high'], {
  encoding: 'utf8',
});
const { vulnerabilities, error, message } = parsed(stdout);
if (vulnerabilities === undefined) {
  const reason = error?.summary || message || 'it does not answer';
  process.stdout.write(`Advisories were not checked: the registry has none for us (${reason}).\n`);
} else {
  const grave = Object.entries(vulnerabilities).filter(([, { severity }]) =>
    ['high', 'critical'].includes(severity),
  );
  for (const [name, { severity }] of grave) process.stderr.write(`${name}: ${severity}\n`);
  process.stdout.write(`Advisories were checked: ${grave.length} grave ones.\n`);
  if (grave.length > 0) process.exitCode = 1;
}

interface Audit {
  readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string }>>;
  readonly error?: { readonly summary?: string };
  readonly message?: string;
}

function parsed(text: string): Audit {
  try {
    // As npm 10 and later print it.
    return JSON.parse(text) as Audit;
  } catch {
    return {};
  }
}
