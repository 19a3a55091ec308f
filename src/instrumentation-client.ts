import { config } from "zod";

// Next runs this before any page's code. Zod would try whether it may compile schemas by `new Function`, which the
// Content-Security-Policy forbids and reports.
config({ jitless: true });
