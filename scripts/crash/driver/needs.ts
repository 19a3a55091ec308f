import { CATALOGUE } from "../catalogue";
import { pointOf, type Spot, spotOf } from "../protocol";
import type { Random } from "./random";

/** A frequent spot is left alone for up to so many passings. */
const LATER_PASSING = 8;

/** Where servers died, and where they still have to. Shared by all lanes. */
export class Needs {
  readonly hits = new Map<Spot, number>();
  readonly seen = new Set<Spot>();
  kills = 0;
  randomKills = 0;

  constructor(readonly times: number) {}

  /** Both sides of every point that is demanded. */
  readonly spots: readonly Spot[] = Object.entries(CATALOGUE)
    .filter(([, { rare }]) => !rare)
    .flatMap(([point]) => [spotOf("before", point), spotOf("after", point)]);

  hit(spot: Spot | null): void {
    this.kills += 1;
    if (spot) this.hits.set(spot, (this.hits.get(spot) ?? 0) + 1);
    else this.randomKills += 1;
  }

  open(): Spot[] {
    return this.spots.filter((spot) => (this.hits.get(spot) ?? 0) < this.times);
  }

  isOpen(point: string): boolean {
    return this.open().some((spot) => pointOf(spot) === point);
  }

  /** For one life of a server: every open spot, and after how many passings it strikes. */
  arms(next: Random): Map<Spot, number> {
    return new Map(
      this.open().map((spot) => [spot, CATALOGUE[pointOf(spot)]?.often ? Math.floor(next() ** 2 * LATER_PASSING) : 0]),
    );
  }

  /** Whether the servers pass where nobody expects them: then there is no use in going on. */
  get astray(): boolean {
    return this.unknown().length > 0;
  }

  /** Points that the servers passed and the catalogue does not know. */
  unknown(): string[] {
    return [...new Set([...this.seen].map(pointOf))].filter((point) => !(point in CATALOGUE)).sort();
  }
}
