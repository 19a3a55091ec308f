/** An order's id: 122 random bits, since whoever has it may read the order. */
export const newOrderId = (): string => crypto.randomUUID();

/** Unguessable hex of so many bytes. */
export const randomHex = (bytes: number): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, "0")).join("");

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Whether a text from outside can be an order's id at all: what cannot is simply not found. */
export const isOrderId = (text: string): boolean => UUID.test(text);
