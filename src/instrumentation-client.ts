// Next runs this before any page's code. Zod would try whether it may compile schemas by `new Function`, which the
// Content-Security-Policy forbids and reports. It takes its settings from here if they are there before it; its own
// `config` would load it on every page, also where nothing needs it.
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });
