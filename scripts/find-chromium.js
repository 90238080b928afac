const { accessSync, constants, statSync } = require('node:fs');
const path = require('node:path');

/** What Debian, its neighbours, and Google call it. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

const NO_CHROMIUM =
  'There is no Chromium here for the tests of the Temporal UI: install one (Debian: apt-get install chromium), or name its program in CHROMIUM_PATH.';

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Path of the Chromium that `CHROMIUM_PATH` names, else of the first one in the folders of PATH; else undefined. */
function findChromium(env = process.env) {
  if (env.CHROMIUM_PATH) return isProgram(env.CHROMIUM_PATH) ? env.CHROMIUM_PATH : undefined;
  const folders = (env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))).find(isProgram);
}

module.exports = { findChromium, NO_CHROMIUM };
