/** Deeper than any library here nests its errors, and an end where they nest in a circle. */
const DEEPEST = 6;

/** An error and what it wraps, outermost first: through `cause`, and through the wrappings of Prisma and its driver adapter. */
export function* errorChain(thrown: unknown): Generator<Record<string, unknown>> {
  let at = thrown;
  for (let depth = 0; isObject(at) && depth < DEEPEST; depth += 1) {
    yield at;
    const { cause, meta, driverAdapterError } = at;
    at = driverAdapterError ?? (isObject(meta) ? meta.driverAdapterError : undefined) ?? cause;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
