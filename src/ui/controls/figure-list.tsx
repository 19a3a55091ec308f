export type Figure = readonly [name: string, value: string];

/** Names with their figures, set in the digits of amounts. The style sheet of the place lays them out. */
export function FigureList({ figures }: { figures: readonly Figure[] }) {
  return (
    <dl>
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="amount">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
