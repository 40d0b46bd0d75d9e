import { readFile } from 'node:fs/promises';

/** Ticks of `/proc/<pid>/stat` in a second: the kernel's USER_HZ, which is the same on all common machines. */
const TICKS = 100;

/** Seconds of CPU, of all its threads, that a process has used so far (Linux: proc_pid_stat(5)). */
export async function cpuSecondsOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name comes second, in parentheses, and may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [fields[11], fields[12]];
  return (Number(user) + Number(system)) / TICKS;
}

/** Megabytes of a process that are in memory (Linux: /proc). */
export async function memoryOf(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}
