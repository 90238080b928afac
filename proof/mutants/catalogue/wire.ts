import { mutant, type Mutant } from '../mutant';

/** Guards between the product and a server that is not what it should be. */
export const WIRE: readonly Mutant[] = [
  mutant(
    'endless login',
    [
      'src/vsphere/host-calls.ts',
      '    return this.#attempt(attempt);\n  }\n\n  async #attempt',
      '    return this.#readTwice(attempt);\n  }\n\n  async #attempt',
    ],
    ['unit/vsphere/sessions.test.ts'],
  ),
  mutant(
    'refused logins are repeated at once',
    [
      'src/vsphere/refused-logins.ts',
      'const REFUSED_LOGIN_PAUSE_MS = 60_000;',
      'const REFUSED_LOGIN_PAUSE_MS = 0;',
    ],
    ['unit/vsphere/sessions.test.ts'],
  ),
  mutant(
    'token in a message',
    [
      'src/vsphere/call-failure.ts',
      'redact(refusal.serverText, this.secrets)',
      'redact(refusal.serverText, [])',
    ],
    ['unit/vsphere/call-errors.test.ts', 'unit/vsphere/sessions.test.ts', 'workflow/secrets.test.ts'],
  ),
  {
    name: 'redirect followed',
    patches: [
      {
        file: 'src/vsphere/host-dispatchers.ts',
        find: "import { Client, Pool, type Dispatcher } from 'undici';",
        replace: "import { Client, interceptors, Pool, type Dispatcher } from 'undici';",
      },
      {
        file: 'src/vsphere/host-dispatchers.ts',
        find: ': new Client(origin, { connect, pipelining: 1 });',
        replace:
          ': new Client(origin, { connect, pipelining: 1 }).compose(interceptors.redirect({ maxRedirections: 3 }));',
      },
    ],
    tests: ['unit/vsphere/change-calls.test.ts', 'workflow/clone/lost-replies.test.ts'],
  },
  mutant(
    'no body limit',
    [
      'src/vsphere/exchange.ts',
      'if (this.#bytes <= this.limits.maxReplyBytes) {',
      'if (this.#bytes <= this.limits.maxReplyBytes || this.#bytes > 0) {',
    ],
    ['unit/vsphere/call-errors.test.ts', 'unit/vsphere/reads.test.ts'],
  ),
];
