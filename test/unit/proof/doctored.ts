import { DoctoredRound } from './doctored-round';

/** What the judge says of a copy of a recorded round, which is removed afterwards. */
export function doctored<T>(recorded: string, judge: (round: DoctoredRound) => T): T {
  const round = new DoctoredRound(recorded);
  try {
    return judge(round);
  } finally {
    round.remove();
  }
}
