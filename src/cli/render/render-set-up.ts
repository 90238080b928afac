import type { AttributeSetUp, SetUpResult } from '../../client';
import { oneLine } from '../../contract/text';
import { table } from './table';

/** What became of each attribute, and below it what to type where something is left to do. */
export const renderSetUp = ({ attributes, remedies }: SetUpResult): string => {
  const rows = attributes.map((attribute) => [attribute.name, outcomeOf(attribute)]);
  const steps = remedies.map((remedy) => `${oneLine(remedy)}\n`).join('');
  return table(['ATTRIBUTE', 'OUTCOME'], rows) + (steps === '' ? '' : `\nWhat to do:\n${steps}`);
};

const outcomeOf = ({ outcome, foundType }: AttributeSetUp): string =>
  outcome === 'wrong-type' ? `of type ${foundType ?? 'unknown'}, not Keyword` : outcome;
