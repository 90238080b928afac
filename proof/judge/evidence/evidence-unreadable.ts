/** A round without whole evidence cannot be judged, which is no pass. */
export class EvidenceUnreadable extends Error {
  constructor(folder: string, file: string, why: string) {
    super(`The evidence ${folder === '' ? '' : `in ${folder} `}cannot be read at ${file}: ${why}.`);
    this.name = 'EvidenceUnreadable';
  }
}
