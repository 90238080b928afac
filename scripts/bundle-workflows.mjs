// Bundles the compiled workflows into one file at build time: a worker then starts without a bundler.
// It fails on a module that does not belong there: each cached workflow would hold a copy of it.
import { existsSync, realpathSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import { ROOT } from './build-stamp.mjs';

const SOURCE = join(ROOT, 'src/workflows/index.ts');
const WORKFLOWS = join(ROOT, 'dist/workflows/index.js');
const TARGET = join(ROOT, 'dist/workflow-bundle.js');
/** Folders of the build. */
const FOLDERS = ['workflows', 'contract'];
/** Beside Temporal's own, what those packages load. */
const PACKAGES = ['long', 'ms', 'nexus-rpc'];

function isExpected(path) {
  const inPackage = path.split(`${sep}node_modules${sep}`).at(-1);
  if (inPackage !== path)
    return ['@temporalio', ...PACKAGES].some((name) => inPackage.startsWith(`${name}${sep}`));
  // The bundler may follow links.
  return [ROOT, realpathSync(ROOT)].some((root) =>
    FOLDERS.some((folder) => path.startsWith(join(root, 'dist', folder) + sep)),
  );
}

/** Notes every module that the bundler takes in. */
const noting = (resources) => ({
  apply: (compiler) =>
    compiler.hooks.compilation.tap('snapflow', (compilation) =>
      compilation.hooks.finishModules.tap('snapflow', (modules) => {
        for (const { resource } of modules) if (resource) resources.add(resource.split('?')[0]);
      }),
    ),
});

if (existsSync(SOURCE)) {
  const resources = new Set();
  const { bundleWorkflowCode } = createRequire(import.meta.url)('@temporalio/worker');
  const { code } = await bundleWorkflowCode({
    workflowsPath: WORKFLOWS,
    // One copy for all cached runs: no module keeps state (test/unit/workflows/module-state.test.ts).
    preloadModules: [WORKFLOWS],
    webpackConfigHook: (config) => ({ ...config, plugins: [...(config.plugins ?? []), noting(resources)] }),
    // Its progress is of no interest; what it refuses is.
    logger: {
      trace: () => {},
      debug: () => {},
      info: () => {},
      log: () => {},
      warn: (message) => process.stderr.write(`${message}\n`),
      error: (message) => process.stderr.write(`${message}\n`),
    },
  });
  if (resources.size === 0) throw new Error('The bundler named no module: what is in the bundle is unknown.');
  const strangers = [...resources].filter((path) => !isExpected(path));
  if (strangers.length > 0) {
    process.stderr.write(
      `The bundle of the workflows would hold what is no part of them: ${strangers.slice(0, 5).join(', ')}${strangers.length > 5 ? ` and ${strangers.length - 5} more` : ''}. Workflows may import what fences.json allows src/workflows.\n`,
    );
    process.exit(1);
  }
  writeFileSync(TARGET, code);
} else {
  process.stderr.write('No src/workflows/index.ts yet: no workflow bundle.\n');
}
