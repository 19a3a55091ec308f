import type { Result } from "~/core/result";
import type { Given, NodeProviderFailure } from "~/ports/node-provider";

/** What a part is found by. */
export type Sought = { name: string; publicKey: string };

/** One kind of part: how it is found by what its order determines, made, and removed. */
export type PartKind = {
  /** Its id; null when there is none. */
  find(sought: Sought): Promise<Result<string | null, NodeProviderFailure>>;
  create(sought: Sought, given: Given): Promise<Result<string, NodeProviderFailure>>;
  /** The one with this id, and whatever is found. Content when there is none. */
  remove(sought: Sought, id: string | null): Promise<Result<null, NodeProviderFailure>>;
};
