import { readFile } from "node:fs/promises";

/** Linux counts in hundredths on every machine that there is. */
const TICKS_PER_SECOND = 100;

/** Processor seconds that a process has used so far, all its threads together; throws where there is no /proc. */
export async function processorSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => {
    throw new Error("processor time can be told on Linux only");
  });
  // Behind the name, which may hold anything: the 14th and the 15th field, in user and in kernel mode.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
