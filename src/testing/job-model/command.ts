import fc from "fast-check";
import { agree } from "./agreement";
import { type Model, type ModelOrder, ordersOf } from "./model";
import type { ModelInvoice } from "./order-model";
import type { World } from "./world";

export type Command = fc.AsyncCommand<Model, World>;

/** A command that is followed by a look at everything. It returns the order that it was about, if it was about one. */
export function command(
  name: string,
  check: (model: Model) => boolean,
  run: (model: Model, world: World) => Promise<unknown>,
): Command {
  return {
    check,
    toString: () => name,
    async run(model, world) {
      model.executed += 1;
      const touched = await run(model, world);
      await agree(
        model,
        world,
        ordersOf(model).find((order) => order === touched),
      );
    },
  };
}

/** One of the things that a command fits; the same number picks the same one again. */
export const pickOf = <T>(list: readonly T[], pick: number): T => {
  const found = list[pick % Math.max(list.length, 1)];
  if (found === undefined) throw new Error("a command without anything that it fits");
  return found;
};
export const pick = fc.nat({ max: 1000 });

/** One of these, each as often as its weight. */
export function oneOf<T extends string>(weights: Record<T, number>): fc.Arbitrary<T> {
  const names = Object.keys(weights) as T[];
  return fc.oneof(...names.map((name) => ({ arbitrary: fc.constant(name), weight: weights[name] })));
}

export type Place = { order: ModelOrder; invoice: ModelInvoice };
export const places = (model: Model, wanted: (place: Place) => boolean): Place[] =>
  ordersOf(model)
    .flatMap((order) => order.invoices.map((invoice) => ({ order, invoice })))
    .filter(wanted);
