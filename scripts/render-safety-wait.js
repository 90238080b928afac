// The limit of the safety wait in docs/operations.md, from the constants that act. CommonJS, so that a unit test can load it.

const seconds = (ms) => `${ms / 1_000} s`;

/** @param service the module contract/service @param settings the default settings of an operation @returns one line of Markdown */
exports.renderSafetyWait = ({ EFFECT_TIMES, neededQuarantineMs, neededLateCallMs }, settings) => {
  const { postWindowShare, callDeadlineMs, visibleWithinMs } = EFFECT_TIMES;
  const { startToCloseMs, quarantineMs, lateCallMs } = settings;
  return `- An appliance may act on a call, or show its effect, later than the safety wait (${seconds(quarantineMs)}) after the start's close. It can then be made to act twice. \`quarantineMs\` must be at least ${postWindowShare * 100} % of \`startToCloseMs\` (${seconds(startToCloseMs)}), plus ${seconds(callDeadlineMs)} for a call in flight, plus ${seconds(visibleWithinMs)} until its task is listed: ${seconds(neededQuarantineMs(settings))} with the defaults. Where a worker dies in its start call, its kernel may deliver the call for ${seconds(neededLateCallMs())} after. Such a start is repeated only after \`lateCallMs\` (${seconds(lateCallMs)}) more. The worker at its start, and \`snapflow doctor\`, warn of a wait that is shorter.`;
};

/** The page with its line as the constants have it now. */
exports.withSafetyWait = (page, line) => page.replace(LINE, () => line);

const LINE = /^- An appliance may act on a call, or show its effect, later than .*$/m;
