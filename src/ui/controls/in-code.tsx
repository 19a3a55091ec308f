/** A sentence in which `backticks` set code apart. */
export function InCode({ children }: { children: string }) {
  return children.split(/`([^`]*)`/).map((part, at) =>
    at % 2 === 0 ? (
      part
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence keep their places
      <code key={at}>{part}</code>
    ),
  );
}
