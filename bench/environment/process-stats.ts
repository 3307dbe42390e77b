import { readFileSync } from 'node:fs';

/** Linux reports CPU time in ticks of USER_HZ, which is 100 on every platform Node supports (proc(5)). */
const TICKS_PER_SECOND = 100;

/** CPU seconds (user and system, all threads) a process has used so far; undefined where there is no /proc. */
export function readCpuSeconds(pid: number): number | undefined {
  const stat = readProcFile(pid, 'stat');
  if (stat === undefined) return undefined;
  // The command name in parentheses may hold spaces, so fields are counted from behind it: utime is the 12th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Resident memory of a process in bytes; undefined where there is no /proc. */
export function readResidentBytes(pid: number): number | undefined {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readProcFile(pid, 'status') ?? '')?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024;
}

function readProcFile(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return undefined;
  }
}
