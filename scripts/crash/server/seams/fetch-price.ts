import { fetchPrice as fetchReal } from "~/adapters/coingecko/fetch-price";
import { reach } from "../reach";

export const fetchPrice: typeof fetchReal = async (...args) => {
  reach("price.fetch", "before");
  const price = await fetchReal(...args);
  reach("price.fetch", "after");
  return price;
};
