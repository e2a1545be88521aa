"use strict";
// Pulumi loads a pack by `require`, after it has put ts-node in the way of `.ts`; `import` goes past it, to Node's own.
module.exports = import("./pack.ts");
