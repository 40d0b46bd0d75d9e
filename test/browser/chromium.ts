import { execFile } from 'node:child_process';
import { constants, realpathSync } from 'node:fs';
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';

/** A browser of this machine, and what its environment has to hold besides the usual. */
export interface Chromium {
  readonly executablePath: string;
  readonly env: Readonly<Record<string, string>>;
}

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge',
];
const MACOS = ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
  (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
);
/** A link to it may be gone before what is unpacked there. */
const PACKAGES = realpathSync(fileURLToPath(new URL('../../../node_modules/', import.meta.url)));

/** It runs without the sandbox, which root may not use, and asks nothing of anybody by itself. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
];

export function launch({ executablePath, env }: Chromium): Promise<Browser> {
  return chromium.launch({ executablePath, args: FLAGS, env: { ...process.env, ...env } });
}

/**
 * The browser that `CHROMIUM` names; else the first of the machine's own that starts, since some
 * are only a stub; else the one that npm installs, which is for Linux on x64.
 */
export async function findChromium(): Promise<Chromium> {
  const { CHROMIUM: chosen } = process.env;
  if (chosen) {
    const browser = { executablePath: chosen, env: {} };
    await tryOut(browser);
    return browser;
  }
  for (const executablePath of await installed()) {
    const browser = { executablePath, env: {} };
    if (await tryOut(browser).catch(() => false)) return browser;
  }
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(
      'The browser tests need a Chromium: install Chromium or Google Chrome, or name one in CHROMIUM.',
    );
  const browser = await unpackedChromium();
  await tryOut(browser);
  return browser;
}

async function tryOut(browser: Chromium): Promise<true> {
  const started = await launch(browser);
  await started.newPage();
  await started.close();
  return true;
}

async function installed(): Promise<string[]> {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const places = [
    ...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))),
    ...MACOS,
  ];
  const found = await Promise.all(
    places.map((path) =>
      access(path, constants.X_OK).then(
        () => [path],
        () => [],
      ),
    ),
  );
  return found.flat();
}

/** In a process of its own: importing the package changes the environment of whoever does. */
const UNPACK = `
  import chromium from '@sparticuz/chromium';
  chromium.setGraphicsMode = false;
  await chromium.executablePath();
`;

/**
 * The browser of `@sparticuz/chromium`, unpacked once beside the packages, with the libraries and
 * fonts that it brings for machines that have none.
 */
export async function unpackedChromium(): Promise<Chromium> {
  const manifest = join(PACKAGES, '@sparticuz/chromium/package.json');
  const { version } = JSON.parse(await readFile(manifest, 'utf8'));
  const folder = join(PACKAGES, `.cache/chromium-${version}`);
  const unpacked = await access(join(folder, 'chromium')).then(
    () => true,
    () => false,
  );
  if (!unpacked) await unpack(folder);
  return {
    executablePath: join(folder, 'chromium'),
    env: {
      LD_LIBRARY_PATH: join(folder, 'al2023/lib'),
      FONTCONFIG_FILE: join(folder, 'fonts.conf'),
    },
  };
}

/** By way of another folder, so that one that was cut off is not taken for a whole. */
async function unpack(folder: string): Promise<void> {
  const partial = `${folder}-${process.pid}`;
  await mkdir(partial, { recursive: true });
  const fonts = join(folder, 'fonts');
  await writeFile(
    join(partial, 'fonts.conf'),
    `<?xml version="1.0"?><fontconfig><dir>${fonts}</dir><cachedir>${fonts}/cache</cachedir></fontconfig>`,
  );
  // The package unpacks into TMPDIR, and its libraries only where it sees a Lambda function.
  const env = {
    ...process.env,
    TMPDIR: partial,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  };
  const args = ['--input-type=module', '--eval', UNPACK];
  await promisify(execFile)(process.execPath, args, {
    env,
    cwd: PACKAGES,
  });
  await rename(partial, folder).catch(() => rm(partial, { recursive: true, force: true }));
}
