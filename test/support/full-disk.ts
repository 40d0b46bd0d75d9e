import fs from 'node:fs';

// Loaded before a server by `node --import`: from SIGWINCH to the next one, files do not grow, as on a full disk. A disk
// that is truly full would be a small file system of its own, which only root may mount.

let isFull = false;
process.on('SIGWINCH', () => {
  isFull = !isFull;
});

const { writeSync } = fs;

// PGlite writes by position alone.
function write(fd: number, bytes: Uint8Array, offset: number, length: number, position: number) {
  if (isFull && fs.fstatSync(fd).size < position + length)
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  return writeSync(fd, bytes, offset, length, position);
}

Object.assign(fs, { writeSync: write });
