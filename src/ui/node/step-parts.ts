/** What one types: a command of the machine's, or the way into it. */
const COMMAND = /\b(?:ssh -i \S+ root@\S+|bash \/opt\/timmy-node\/ops\.sh [a-z]+)$/;

/** A next step, parted: the words, and the command at its end that can be copied. */
export function stepParts(step: string): { words: string; command: string | null } {
  const found = COMMAND.exec(step);
  if (!found) return { words: step, command: null };
  return { words: step.slice(0, found.index).trimEnd(), command: found[0] };
}
