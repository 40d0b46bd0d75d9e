import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const run = promisify(execFile);
const MAIN = fileURLToPath(new URL('main.js', import.meta.url));

/** Milliseconds in which it ends by itself; the soak takes minutes. */
const PATIENCE = 30_000;

test('--help tells what the soak does, and by which variables it is shorter or longer', async () => {
  const { stdout } = await run(process.execPath, [MAIN, '--help'], { timeout: PATIENCE });
  for (const told of ['no acknowledged write', 'SOAK_KILLS', 'SOAK_MIGRATIONS', 'SOAK_MINUTES'])
    expect(stdout).toContain(told);
});

test('an option that it does not have is refused, and nothing begins', async () => {
  const running = run(process.execPath, [MAIN, '--minutes=1'], { timeout: PATIENCE });
  await expect(running).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining("unknown option '--minutes=1'"),
  });
});
