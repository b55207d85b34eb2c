// Modules that define elements can be read without a page; what draws is tested in a browser.
globalThis.HTMLElement ??= class {};
globalThis.customElements ??= { define() {} };
