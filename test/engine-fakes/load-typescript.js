// Lets a plain `node` process of a test load the sources: `node -r .../load-typescript.js program.ts`.
const { transformFileSync } = require('@swc/core');
const Module = require('node:module');

// oxlint-disable-next-line no-underscore-dangle -- the only hook that node 20 offers for this
Module._extensions['.ts'] = (module, path) => {
  const { code } = transformFileSync(path, {
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
  });
  // oxlint-disable-next-line no-underscore-dangle
  module._compile(code, path);
};
