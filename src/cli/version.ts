/** The version of this package. The file lies two folders up, in the sources as in the build. */
export const { version: VERSION } = require('../../package.json') as { version: string };
